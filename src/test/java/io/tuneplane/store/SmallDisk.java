package io.tuneplane.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/// A file system in memory that is full soon, or read-only.
public final class SmallDisk implements AutoCloseable {

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /// Mounts one.
  ///
  /// @throws TestAbortedException with the reason, where this process may not mount
  public static SmallDisk mount(Path folder, String size) throws IOException {
    Files.createDirectories(folder);
    if (run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()) != 0) {
      throw new TestAbortedException("mounting a file system needs root on Linux");
    }
    return new SmallDisk(folder);
  }

  /// Where it is mounted.
  public Path folder() {
    return folder;
  }

  void makeReadOnly() throws IOException {
    if (run("mount", "-o", "remount,ro", folder.toString()) != 0) {
      throw new IllegalStateException(folder + " can't be made read-only");
    }
  }

  @Override
  public void close() throws IOException {
    if (run("umount", "-l", folder.toString()) != 0) {
      throw new IllegalStateException(folder + " is still mounted");
    }
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
