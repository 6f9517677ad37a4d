package io.tuneplane.runner.remote;

import io.tuneplane.runner.RunnerException.TryAgain;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Files of the runner's folder.
final class WorkFolder {

  private WorkFolder() {}

  /// A file by the name that the control plane gives it, which must lie in the folder.
  static Path inside(Path folder, String name) {
    Path file = folder.resolve(name).normalize();
    if (name.isEmpty() || !file.startsWith(folder) || file.equals(folder)) {
      throw new TryAgain("the control plane names a file outside the folder: " + name);
    }
    return file;
  }

  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }

  /// SHA-256 of a file in hex.
  static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
