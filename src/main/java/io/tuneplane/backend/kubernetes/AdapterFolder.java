package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// An adapter on our disk, with what its trainer wrote down about it (`tuneplane.json`).
///
/// @param path its folder
/// @param digest SHA-256 of its weights in hex
record AdapterFolder(Path path, String digest) {

  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final int SHORT = 12;

  /// The adapter, or what is wrong with it.
  sealed interface Found {
    record Fit(AdapterFolder adapter) implements Found {}

    record Unfit(Problem problem) implements Found {}
  }

  /// Looks at a tuned model's adapter: whole, unaltered, and of this base.
  static Found of(TrainedModel tuned, String baseDigest) throws IOException {
    Optional<Path> path = tuned.adapter().filter(p -> Files.exists(p.resolve(WEIGHTS)));
    if (path.isEmpty()) {
      return unfit("has no adapter on this server's disk");
    }
    JsonNode notes = notes(path.get());
    String base = tuned.baseDigest().orElse(notes.path("base_digest").asText());
    if (!base.equals(baseDigest)) {
      return unfit(
          "was tuned on the base weights %s, and these are %s: the same model from another source"
                  .formatted(shortened(base), shortened(baseDigest))
              + " has other weights; use the one it was tuned on");
    }
    String digest = ResultCheck.sha256(path.get().resolve(WEIGHTS));
    String recorded = notes.path("adapter_digest").asText(digest);
    return recorded.equals(digest)
        ? new Found.Fit(new AdapterFolder(path.get(), digest))
        : unfit("has been altered: its adapter is not the one that the trainer wrote");
  }

  /// Its rank, as `adapter_config.json` says it; 0 where it says nothing.
  int rank() throws IOException {
    Path config = path.resolve("adapter_config.json");
    return Files.exists(config)
        ? Json.MAPPER.readTree(Files.readAllBytes(config)).path("r").asInt()
        : 0;
  }

  private static JsonNode notes(Path folder) throws IOException {
    Path file = folder.resolve("tuneplane.json");
    return Files.exists(file) ? Json.MAPPER.readTree(Files.readAllBytes(file)) : Json.object();
  }

  private static Found unfit(String words) {
    return new Found.Unfit(new Problem("model", words));
  }

  private static String shortened(String digest) {
    return digest.isEmpty()
        ? "(none recorded)"
        : digest.substring(0, Math.min(SHORT, digest.length()));
  }
}
