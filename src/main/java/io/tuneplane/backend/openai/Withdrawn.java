package io.tuneplane.backend.openai;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The models that were taken out of service here. At the host a tuned model answers as long as it
/// exists, and to take it out of service must not delete it; so it is kept here that we ask it no
/// more: a file each, named by the digest of the model's name. Safe for many threads and processes.
final class Withdrawn {

  private final Path directory;

  Withdrawn(Path directory) {
    this.directory = directory;
  }

  boolean contains(String model) {
    return Files.exists(file(model));
  }

  void add(String model) {
    try {
      Files.createDirectories(directory);
      Files.writeString(file(model), model + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be written", e);
    }
  }

  void remove(String model) {
    try {
      Files.deleteIfExists(file(model));
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be written", e);
    }
  }

  private Path file(String model) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(model.getBytes(StandardCharsets.UTF_8));
      return directory.resolve(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
