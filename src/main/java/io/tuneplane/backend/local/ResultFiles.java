package io.tuneplane.backend.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The files that a runner says it has left, held against what is on the disk.
final class ResultFiles {

  private static final String WEIGHTS = "adapter/adapter_model.safetensors";

  private ResultFiles() {}

  /// How a start ended that exited with 0.
  static Ending check(RunDirectory run, AttemptReport report) throws IOException {
    if (report.result().isEmpty()) {
      return new Ending.Crashed("the runner ended without a result");
    }
    JsonNode result = report.result().get();
    String adapter = "";
    for (JsonNode file : result.path("files")) {
      String name = file.path("path").asText();
      String recorded = file.path("sha256").asText();
      if (!recorded.equals(digest(run, name))) {
        return new Ending.Damaged(name + " is not the file that the runner wrote");
      }
      adapter = name.equals(WEIGHTS) ? recorded : adapter;
    }
    return adapter.isEmpty()
        ? new Ending.Damaged("the runner left no " + WEIGHTS)
        : new Ending.Done(outcome(result, adapter));
  }

  private static Outcome.Succeeded outcome(JsonNode result, String adapter) {
    return new Outcome.Succeeded(
        adapter,
        result.path("base_digest").asText(),
        result.path("tokens").asLong(),
        result.path("steps").asLong(),
        result.path("seconds").asDouble(),
        result.path("peak_memory_bytes").asLong());
  }

  private static String digest(RunDirectory run, String name) throws IOException {
    Path file = run.path().resolve(name).normalize();
    return file.startsWith(run.path()) && Files.isRegularFile(file) ? sha256(file) : "";
  }

  /// The digest of a file in hex.
  static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// The digest of bytes in hex.
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
