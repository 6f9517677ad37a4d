package io.tuneplane.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Writes files that only their owner can read, so that a power cut leaves the old or the new one.
final class PrivateFile {

  private PrivateFile() {}

  /// Writes a file, over what is there.
  static void write(Path file, String text) throws IOException {
    Path aside = aside(file, text);
    try {
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(folder(file));
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /// Writes a file unless there is one: of many who try, one does.
  static void writeFirst(Path file, String text) throws IOException {
    Path aside = aside(file, text);
    try {
      // A link, unlike a rename, never replaces.
      Files.createLink(file, aside);
      force(folder(file));
    } catch (java.nio.file.FileAlreadyExistsException _) {
      // Somebody else was first, and theirs counts.
      force(folder(file));
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static Path aside(Path file, String text) throws IOException {
    Files.createDirectories(folder(file));
    Path aside = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(aside, options, ownerOnly())) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      return aside;
    } catch (IOException e) {
      Files.deleteIfExists(aside);
      throw e;
    }
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
  }

  private static void force(Path folder) throws IOException {
    if (isPosix()) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
