package io.tuneplane.client;

import io.tuneplane.client.ServerException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/// A data directory held by one server: `server.lock`, which the operating system lets go of when
/// the process ends, however it ends.
public final class ServerLock implements AutoCloseable {

  private static final String NAME = "server.lock";
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int STEPS = 200;

  private final FileChannel channel;

  private ServerLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes the lock. Where another server is just starting or stopping, waits for it a while.
  ///
  /// @throws ServerException if another server holds the directory; names it
  /// @throws IOException if the directory can't be written
  public static ServerLock take(Path dataDir, Sleeper sleeper)
      throws IOException, InterruptedException {
    for (int step = 0; step < STEPS; step++) {
      Optional<FileChannel> locked = lock(dataDir.resolve(NAME));
      if (locked.isPresent()) {
        return new ServerLock(locked.get());
      }
      Optional<ServerFile> holder = ServerFile.read(dataDir).filter(ServerFile::lives);
      if (holder.isPresent()) {
        throw held(dataDir, holder.get());
      }
      sleeper.sleep(STEP);
    }
    throw new ServerException(
        Kind.FAILED,
        "another server holds %s, and is neither ready nor gone; see who has %s open"
            .formatted(dataDir, dataDir.resolve(NAME)));
  }

  private static ServerException held(Path dataDir, ServerFile holder) {
    return new ServerException(
        Kind.FAILED,
        "another server holds %s: %s, process %d. Use that one, end it with 'kill %d', or name"
                .formatted(dataDir, holder.url(), holder.pid(), holder.pid())
            + " another directory with --data-dir");
  }

  static Optional<FileChannel> lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException _) {
      // Another thread of this process has it.
      channel.close();
      return Optional.empty();
    }
    channel.close();
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
