package io.tuneplane.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SHA-256 of large files. Hashing takes a second or more for a gigabyte, so digests are kept in a
/// directory of ours beside the size and time of each file; the file's own folder is never written
/// to.
///
/// @param kept the directory; none to hash every time
record FileDigests(Optional<Path> kept) {

  private static final Logger LOG = LoggerFactory.getLogger(FileDigests.class);

  /// The digest in hex.
  ///
  /// @throws ModelException if the file can't be read
  String of(Path file) {
    try {
      String stamp = stamp(file);
      Optional<Path> place = place(file);
      Optional<String> known = place.flatMap(p -> read(p, stamp));
      if (known.isPresent()) {
        return known.get();
      }
      String digest = Digests.of(file);
      if (stamp.equals(stamp(file))) {
        place.ifPresent(p -> keep(p, stamp, digest));
      }
      return digest;
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(file, e), e);
    }
  }

  /// Keeps a digest that was computed while the file was written.
  void remember(Path file, String digest) {
    try {
      String stamp = stamp(file);
      place(file).ifPresent(p -> keep(p, stamp, digest));
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(file, e), e);
    }
  }

  private Optional<Path> place(Path file) throws IOException {
    String key = Digests.of(file.toRealPath().toString());
    return kept.map(k -> k.resolve(key));
  }

  private static String stamp(Path file) throws IOException {
    return "%d %s".formatted(Files.size(file), Files.getLastModifiedTime(file));
  }

  private static Optional<String> read(Path place, String stamp) {
    try {
      List<String> lines = Files.isRegularFile(place) ? Files.readAllLines(place) : List.of();
      return lines.size() == 2 && lines.getFirst().equals(stamp) && lines.get(1).length() == 64
          ? Optional.of(lines.get(1))
          : Optional.empty();
    } catch (IOException e) {
      LOG.warn("The digest kept in {} can't be read; the file is hashed again", place, e);
      return Optional.empty();
    }
  }

  private static void keep(Path place, String stamp, String digest) {
    try {
      Files.createDirectories(place.getParent());
      Path partial = Files.createTempFile(place.getParent(), "digest", ".partial");
      Files.writeString(partial, stamp + "\n" + digest + "\n");
      Files.move(
          partial, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("A digest can't be kept in {}; the file is hashed again next time", place, e);
    }
  }
}
