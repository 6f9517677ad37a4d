package io.tuneplane.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files that hold a model's weights, and their digest. Hashing takes about a second for 500 MB
/// to 1 GB, so digests are kept in a directory of ours beside the size and time of each file; the
/// user's folder is never written to.
///
/// @param files by the name under which they count in the digest
/// @param cache the directory for digests; none to hash every time
record WeightFiles(SequencedMap<String, Path> files, Optional<Path> cache) {

  private static final Logger LOG = LoggerFactory.getLogger(WeightFiles.class);

  /// SHA-256 over a line `NAME SHA-256` for each file.
  ///
  /// @throws ModelException if a file can't be read
  String digest() {
    StringBuilder lines = new StringBuilder();
    files.forEach((name, file) -> lines.append(name).append(' ').append(of(file)).append('\n'));
    return Digests.of(lines.toString());
  }

  private String of(Path file) {
    try {
      String stamp = stamp(file);
      String key = Digests.of(file.toRealPath().toString());
      Optional<Path> kept = cache.map(c -> c.resolve(key));
      Optional<String> known = kept.flatMap(k -> read(k, stamp));
      if (known.isPresent()) {
        return known.get();
      }
      String digest = Digests.of(file);
      if (stamp.equals(stamp(file))) {
        kept.ifPresent(k -> keep(k, stamp, digest));
      }
      return digest;
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(file, e), e);
    }
  }

  private static String stamp(Path file) throws IOException {
    return "%d %s".formatted(Files.size(file), Files.getLastModifiedTime(file));
  }

  private static Optional<String> read(Path kept, String stamp) {
    try {
      List<String> lines = Files.readAllLines(kept);
      return lines.size() == 2 && lines.getFirst().equals(stamp) && lines.get(1).length() == 64
          ? Optional.of(lines.get(1))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not kept yet, or unreadable: it is hashed again
    }
  }

  private static void keep(Path kept, String stamp, String digest) {
    try {
      Files.createDirectories(kept.getParent());
      Path partial = Files.createTempFile(kept.getParent(), "digest", ".partial");
      Files.writeString(partial, stamp + "\n" + digest + "\n");
      Files.move(
          partial, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("The digest of a model can't be kept in {}; it is hashed again next time", kept, e);
    }
  }
}
