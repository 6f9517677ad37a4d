package io.tuneplane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// Writes files so that a reader sees the old content or the new, never a part, whatever is killed
/// in between.
public final class AtomicFile {

  private AtomicFile() {}

  /// Replaces a file's content. When this fails, e.g. because the disk is full, the old content is
  /// still there and nothing is left beside it.
  public static void write(Path target, byte[] bytes) throws IOException {
    Path aside = target.resolveSibling(target.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeAll(channel, ByteBuffer.wrap(bytes));
        channel.force(true);
      }
      Files.move(
          aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    syncFolder(Objects.requireNonNull(target.toAbsolutePath().getParent()));
  }

  /// Copies a file to a name that isn't there yet, and makes the copy durable.
  public static void copy(Path source, Path target) throws IOException {
    Files.copy(source, target);
    try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /// Makes names in a folder durable. Windows can't open a folder, and needs no such call.
  public static void syncFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /// Writes all that is left of the bytes.
  public static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
