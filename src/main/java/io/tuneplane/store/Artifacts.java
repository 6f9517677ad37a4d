package io.tuneplane.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Content on the local file system under its SHA-256, and under nothing else: no name that anybody
/// chose is ever part of a path. Safe for many threads and processes.
final class Artifacts {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 1 << 16;

  private final Path contents;
  private final Path arriving;

  /// @param root the folder, made when first needed
  Artifacts(Path root) {
    this.contents = root.resolve("sha256");
    this.arriving = root.resolve("arriving");
  }

  /// Content that is on disk, but not in its place yet.
  record Arrived(Path part, String sha256, long bytes) {}

  /// Writes a stream to disk and forces it there.
  ///
  /// @throws FileSystemException if the disk is full
  /// @throws IOException if it can't be read or written; nothing of it stays
  Arrived receive(InputStream content) throws IOException {
    Files.createDirectories(arriving);
    Path part = arriving.resolve(UUID.randomUUID() + ".part");
    MessageDigest digest = Digests.sha256();
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long bytes = copy(new DigestInputStream(content, digest), channel);
      return new Arrived(part, Digests.hex(digest), bytes);
    } catch (IOException e) {
      discard(part, e);
      throw DiskErrors.named(part, e);
    } catch (RuntimeException e) {
      discard(part, e);
      throw e;
    }
  }

  private static long copy(InputStream content, FileChannel channel) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    for (int read; (read = content.read(buffer)) >= 0; bytes += read) {
      ByteBuffer piece = ByteBuffer.wrap(buffer, 0, read);
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
    channel.force(true);
    return bytes;
  }

  /// Puts content in its place, over what is there: that is the same, or damaged.
  void place(Arrived arrived) throws IOException {
    Path place = path(arrived.sha256());
    try {
      Files.createDirectories(DurableFiles.folder(place));
      Files.move(
          arrived.part(),
          place,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      DurableFiles.forceFolder(DurableFiles.folder(place));
      DurableFiles.forceFolder(contents);
    } catch (IOException e) {
      throw DiskErrors.named(place, e);
    }
  }

  /// Throws content away that will not be placed.
  void discard(Arrived arrived) throws IOException {
    Files.deleteIfExists(arrived.part());
  }

  private static void discard(Path part, Exception cause) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /// Where content lies, after a look at every byte of it.
  ///
  /// @throws IOException if it is gone, or not what was kept
  Path checked(String sha256) throws IOException {
    Path place = path(sha256);
    String found;
    try (InputStream content = Files.newInputStream(place)) {
      found = digest(content);
    } catch (NoSuchFileException e) {
      throw new IOException(
          place + " is gone: put it back from a backup, or upload the file again", e);
    }
    if (!found.equals(sha256)) {
      throw new IOException(
          place + " is not what was kept: put it back from a backup, or upload the file again");
    }
    return place;
  }

  static String digest(InputStream content) throws IOException {
    MessageDigest digest = Digests.sha256();
    byte[] buffer = new byte[BUFFER];
    for (int read; (read = content.read(buffer)) >= 0; ) {
      digest.update(buffer, 0, read);
    }
    return Digests.hex(digest);
  }

  /// Forgets content.
  void delete(String sha256) throws IOException {
    Files.deleteIfExists(path(sha256));
  }

  /// The digests of all content that was placed before an instant.
  List<String> placedBefore(Instant instant) throws IOException {
    try (Stream<Path> files = Files.exists(contents) ? Files.walk(contents, 2) : Stream.empty()) {
      return files
          .filter(file -> DIGEST.matcher(String.valueOf(file.getFileName())).matches())
          .filter(file -> isOlder(file, instant))
          .map(file -> String.valueOf(file.getFileName()))
          .toList();
    }
  }

  /// Removes what a crash left on its way in.
  ///
  /// @param instant what was written to since is still arriving
  void removeLeftBefore(Instant instant) throws IOException {
    try (Stream<Path> parts = Files.exists(arriving) ? Files.list(arriving) : Stream.empty()) {
      for (Path part : parts.filter(p -> isOlder(p, instant)).toList()) {
        Folders.remove(part);
      }
    }
  }

  static boolean isOlder(Path file, Instant instant) {
    // A file that went away meanwhile has no time any more, and is nothing to look at.
    long modified = file.toFile().lastModified();
    return modified > 0 && modified < instant.toEpochMilli();
  }

  private Path path(String sha256) {
    if (!DIGEST.matcher(sha256).matches()) {
      throw new IllegalArgumentException("not a digest: " + sha256);
    }
    return contents.resolve(sha256.substring(0, 2)).resolve(sha256);
  }
}
