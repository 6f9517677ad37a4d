package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Holds what a runner says it has left against what has arrived.
final class ResultCheck {

  private static final String WEIGHTS = "adapter/adapter_model.safetensors";
  private static final String MODEL = "model/";

  private ResultCheck() {}

  /// How a run has ended whose pods are all done.
  ///
  /// @param work the folder in which things have arrived
  static Outcome of(Path work, RunnerEvents.Report report) throws IOException {
    if (report.result().isEmpty()) {
      return new Outcome.Failed(
          "result_missing",
          "the pods ended well, and no result of theirs has arrived; can they reach"
              + " control_plane.url?",
          true);
    }
    JsonNode result = report.result().get();
    String weights = "";
    for (JsonNode file : result.path("files")) {
      String name = file.path("path").asText();
      String recorded = file.path("sha256").asText();
      if (!digest(work, name).equals(Optional.of(recorded))) {
        return damaged(name + " has not arrived as the runner wrote it");
      }
      weights = name.equals(WEIGHTS) || name.startsWith(MODEL) ? recorded : weights;
    }
    return weights.isEmpty()
        ? damaged("the runner left no " + WEIGHTS)
        : succeeded(result, weights);
  }

  private static Outcome damaged(String words) {
    return new Outcome.Failed("result_damaged", words + "; submit the job again", true);
  }

  private static Outcome succeeded(JsonNode result, String weights) {
    return new Outcome.Succeeded(
        weights,
        result.path("base_digest").asText(),
        result.path("tokens").asLong(),
        result.path("steps").asLong(),
        result.path("seconds").asDouble(),
        result.path("peak_memory_bytes").asLong());
  }

  private static Optional<String> digest(Path work, String name) throws IOException {
    Path file = work.resolve(name).normalize();
    return file.startsWith(work) && Files.isRegularFile(file)
        ? Optional.of(sha256(file))
        : Optional.empty();
  }

  /// The digest of a file in hex.
  static String sha256(Path file) throws IOException {
    MessageDigest sha = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
