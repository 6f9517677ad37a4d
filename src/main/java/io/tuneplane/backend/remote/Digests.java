package io.tuneplane.backend.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// SHA-256 of files, kept in memory beside size and time: base models are large, and are asked for
/// by every attempt. Safe for many threads.
final class Digests {

  private static final int MOST = 10_000;

  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  private record Known(long bytes, long modified, String sha256) {}

  /// The digest of a file that is never written in place, in hex.
  String of(Path file) throws IOException {
    long bytes = Files.size(file);
    long modified = Files.getLastModifiedTime(file).toMillis();
    Known before = known.get(file);
    if (before != null && before.bytes() == bytes && before.modified() == modified) {
      return before.sha256();
    }
    String sha256 = fresh(file);
    if (known.size() >= MOST) {
      known.clear();
    }
    known.put(file, new Known(bytes, modified, sha256));
    return sha256;
  }

  /// The digest of a file, read now.
  static String fresh(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// The digest of the first bytes of a file.
  static String ofFirst(Path file, long bytes) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    long left = bytes;
    try (InputStream in = Files.newInputStream(file)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new IOException(file + " has become shorter while it was read");
        }
        digest.update(buffer, 0, n);
        left -= n;
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
