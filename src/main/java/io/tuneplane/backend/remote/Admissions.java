package io.tuneplane.backend.remote;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The folder of [Admitted] records. Safe for many threads and processes that share it.
final class Admissions {

  private final Path folder;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /// @param folder made when it is first needed
  Admissions(Path folder) {
    this.folder = folder;
  }

  /// Something that is done while nobody else changes what runners of the mark have sent.
  interface Work<T> {
    T run() throws IOException;
  }

  /// The record of a mark; empty if no runner is let in.
  ///
  /// @param mark is one
  Optional<Admitted> find(String mark) throws IOException {
    Path file = file(mark);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    try {
      return Optional.of(RemoteJson.MAPPER.readValue(bytes, Admitted.class));
    } catch (JacksonException e) {
      throw new IOException(file + " can't be read; delete it, and the run's pods start anew", e);
    }
  }

  /// Keeps a record. The mark is held.
  void keep(Admitted admitted) throws IOException {
    DurableFile.write(file(admitted.mark()), RemoteJson.MAPPER.writeValueAsBytes(admitted));
  }

  /// Forgets a record. The mark is held.
  void forget(String mark) throws IOException {
    if (Files.deleteIfExists(file(mark))) {
      DurableFile.force(folder);
    }
  }

  /// Works on a mark alone.
  <T> T hold(String mark, Work<T> work) throws IOException {
    Files.createDirectories(folder);
    ReentrantLock lock = locks.computeIfAbsent(mark, _ -> new ReentrantLock());
    lock.lock();
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(mark + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      return work.run();
    } finally {
      lock.unlock();
    }
  }

  private Path file(String mark) {
    return folder.resolve(mark + ".json");
  }
}
