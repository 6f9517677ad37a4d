package io.tuneplane.store;

import io.tuneplane.job.JobOwners;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Ownership as the operating system's lock on a file in the job's folder, which a dying process
/// can't keep.
public final class FileJobOwners implements JobOwners {

  private final Path root;

  /// Locks under the folder that [FileJobs] keeps jobs in.
  public FileJobOwners(Path root) {
    this.root = root;
  }

  @Override
  public Optional<Ownership> tryOwn(String id) {
    try {
      Path folder = Files.createDirectories(root.resolve(id));
      FileChannel channel =
          FileChannel.open(
              folder.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Optional<FileLock> lock = lock(channel);
      if (lock.isEmpty()) {
        channel.close();
      }
      return lock.map(_ -> () -> release(channel));
    } catch (IOException e) {
      throw new UncheckedIOException("the job " + id + " can't be locked in " + root, e);
    }
  }

  private static Optional<FileLock> lock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      // This process has it already.
      return Optional.empty();
    }
  }

  private static void release(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
