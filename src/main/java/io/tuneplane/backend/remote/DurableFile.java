package io.tuneplane.backend.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Files and folders that a reader sees whole or not at all, also after a power cut.
final class DurableFile {

  private DurableFile() {}

  /// Replaces a file's content.
  static void write(Path file, byte[] content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        all(channel, ByteBuffer.wrap(content));
        channel.force(true);
      }
      move(aside, file);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  static void all(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Renames a file or a folder into its place; a file that is there is replaced.
  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(folder(to));
  }

  /// Forces a file's bytes to the disk, or a folder's entries where the system can.
  static void force(Path path) throws IOException {
    boolean folder = Files.isDirectory(path);
    if (folder && !path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    StandardOpenOption how = folder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /// Forces a folder, all that is in it and all that is below it to the disk.
  static void forceAll(Path folder) throws IOException {
    for (Path path : deepestFirst(folder)) {
      force(path);
    }
  }

  /// Deletes a file or a folder with all in it, if it is there. Links are not followed.
  static void delete(Path path) throws IOException {
    for (Path each : deepestFirst(path)) {
      Files.deleteIfExists(each);
    }
  }

  private static List<Path> deepestFirst(Path path) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(path)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    }
  }

  static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
  }
}
