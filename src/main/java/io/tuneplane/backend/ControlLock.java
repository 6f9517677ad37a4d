package io.tuneplane.backend;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A lock file that one control plane holds at a time, whether another is a thread, an object or a
/// process. The system frees it when its holder dies.
public final class ControlLock implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(5);

  private final FileChannel channel;

  private ControlLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Waits for the lock and takes it.
  ///
  /// @throws IOException if the file can't be opened, or the lock isn't free within a minute
  public static ControlLock take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!tryLock(channel)) {
        if (System.nanoTime() > deadline) {
          throw new IOException(file + " has been held by another process for a minute");
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
      return new ControlLock(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Whether somebody holds the lock of this file. False where there is no such file.
  public static boolean held(Path file) throws IOException {
    if (!file.toFile().exists()) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return !tryLock(channel);
    }
  }

  // Within one process Java reports a lock that another channel holds as an exception.
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
