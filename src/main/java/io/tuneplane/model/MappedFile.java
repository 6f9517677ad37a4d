package io.tuneplane.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Function;

/// A file mapped for reading. Safe for many threads.
final class MappedFile implements AutoCloseable {

  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes;

  // Closed by close().
  @SuppressWarnings("MustBeClosedChecker")
  private MappedFile(Path path) throws IOException {
    this.path = path;
    this.arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path)) {
      this.bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  /// Maps a file and makes what is to read it; the maker's result closes the file, and a failure of
  /// the maker does.
  ///
  /// @throws ModelException if the file can't be read
  static <T> T open(Path path, Function<MappedFile, T> maker) {
    MappedFile file;
    try {
      file = new MappedFile(path);
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(path, e), e);
    }
    boolean made = false;
    try {
      T result = maker.apply(file);
      made = true;
      return result;
    } finally {
      if (!made) {
        file.close();
      }
    }
  }

  Path path() {
    return path;
  }

  MemorySegment bytes() {
    return bytes;
  }

  /// Unmaps the file; its bytes can't be read afterwards.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
