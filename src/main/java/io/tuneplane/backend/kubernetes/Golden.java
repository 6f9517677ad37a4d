package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The gate: the server is fed the trainer's golden answers, and its log-probabilities are held
/// against the trainer's.
final class Golden {

  private static final String PRECISION = "bf16";

  /// The largest mean difference at bf16, in nats. Weights rounded to 8 bits of mantissa move
  /// log-probabilities by a few hundredths; a wrong adapter or template moves them by tenths and
  /// more. Not yet measured on a GPU.
  private static final double BOUND = 0.05;

  private Golden() {}

  /// The trainer's golden answers.
  static List<JsonNode> read(DeploymentSpec spec) throws IOException {
    Optional<Path> file = spec.tuned().flatMap(t -> t.golden()).filter(Files::exists);
    if (file.isEmpty()) {
      throw new BackendException.Rejected(
          KubernetesTraining.NAME,
          "gate",
          List.of(new Problem("model", "training left no golden answers")));
    }
    List<JsonNode> golden = new ArrayList<>();
    for (String line : Files.readAllLines(file.get())) {
      golden.add(Json.MAPPER.readTree(line));
    }
    return golden;
  }

  /// Asks a pod that holds the model.
  static GateResult measure(List<JsonNode> golden, VllmPod pod, String model) throws IOException {
    double sum = 0;
    long tokens = 0;
    for (JsonNode answer : golden) {
      JsonNode prompt = answer.path("prompt_tokens");
      JsonNode said = answer.path("tokens");
      ArrayNode all = Json.array();
      prompt.forEach(all::add);
      said.forEach(all::add);
      JsonNode found = pod.promptLogprobs(model, all);
      for (int i = 0; i < said.size(); i++) {
        JsonNode entry = found.path(prompt.size() + i).path(said.get(i).asText());
        double theirs = entry.path("logprob").asDouble(Double.NaN);
        sum += Math.abs(theirs - answer.path("logprobs").path(i).asDouble(Double.NaN));
        tokens++;
      }
    }
    return new GateResult.Measured(PRECISION, sum / tokens, BOUND, tokens, Optional.empty());
  }
}
