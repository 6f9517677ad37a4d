package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.Choice;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobRequest.ModelRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Requests for jobs as OpenAI's clients send them: JSON to [JobRequest] and back. What is ours is
/// in `metadata`, under `tuneplane.*`, so that an unmodified client can say it: [JobMetadata].
///
/// Fields that OpenAI's description (2026-08-21) doesn't name are passed over, as there; names that
/// would set an address, a key or a header are refused.
public final class JobBodies {

  /// The code of what OpenAI offers and we don't.
  public static final String UNSUPPORTED = "unsupported";

  /// Any model that the decision chooses.
  private static final String ANY_MODEL = "auto";

  private static final long LARGEST_SEED = Integer.MAX_VALUE;
  private static final int LONGEST_MODEL = 512;

  private JobBodies() {}

  /// Reads a request's body.
  ///
  /// @throws RequestException naming every field that is wrong
  public static JobRequest read(JsonNode body) {
    Fields fields = Fields.of(body);
    HostileFields.refuse(body);
    refuseIntegrations(fields);
    JobMethod method = JobMethod.read(fields);
    JobMetadata ours = JobMetadata.read(fields);
    JobRequest request =
        new JobRequest(
            new ModelRequest(
                model(fields),
                ours.modelClass(),
                method.method(),
                choices(method, ours),
                fields.whole("seed", 0, LARGEST_SEED),
                suffix(fields)),
            fields.required("training_file"),
            fields.text("validation_file"),
            ours.placement(),
            ours.all());
    fields.done();
    List<Problem> outOfRange = JobMethod.outOfRange(request.model().hyperparameters(), method);
    if (!outOfRange.isEmpty()) {
      throw new RequestException(outOfRange);
    }
    return request;
  }

  /// Writes a request as a body that [#read] reads as the same, with what is ours beside the
  /// caller's labels.
  public static ObjectNode write(JobRequest request) {
    ModelRequest model = request.model();
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", model.name().orElse(ANY_MODEL));
    body.put("training_file", request.trainingFile());
    request.validationFile().ifPresent(file -> body.put("validation_file", file));
    model.suffix().ifPresent(suffix -> body.put("suffix", suffix));
    model.seed().ifPresent(seed -> body.put("seed", seed));
    body.set("method", JobMethod.write(model.method(), model.hyperparameters()));
    Map<String, String> metadata = new TreeMap<>(request.metadata());
    metadata.putAll(JobMetadata.write(request));
    body.set("metadata", Json.tree(metadata));
    return body;
  }

  private static Optional<String> model(Fields fields) {
    String name = fields.required("model");
    if (name.length() > LONGEST_MODEL || name.chars().anyMatch(Character::isISOControl)) {
      fields.problem("model", "must be a name of at most %d characters".formatted(LONGEST_MODEL));
    }
    return Optional.of(name).filter(n -> !n.equals(ANY_MODEL));
  }

  private static Optional<String> suffix(Fields fields) {
    Optional<String> suffix = fields.text("suffix");
    suffix
        .filter(text -> !io.tuneplane.job.TunedModelName.isSuffix(text))
        .ifPresent(_ -> fields.problem("suffix", "must be 1 to 64 of A-Z, a-z, 0-9, _ and -"));
    return suffix;
  }

  private static HyperparameterChoices choices(JobMethod method, JobMetadata ours) {
    LoraChoices lora = ours.lora();
    return new HyperparameterChoices(
        method.epochs(),
        method.batchSize(),
        method.learningRateMultiplier(),
        method.method() == Method.DPO ? method.beta() : Choice.auto(),
        lora,
        ours.quantization());
  }

  private static void refuseIntegrations(Fields fields) {
    Optional<JsonNode> integrations = fields.field("integrations");
    if (integrations.isPresent()
        && !(integrations.get().isArray() && integrations.get().isEmpty())) {
      List<Problem> problems = new ArrayList<>();
      problems.add(
          new Problem(
              "integrations",
              "are not offered; leave them out, and follow the job's events instead"));
      throw new RequestException(problems, UNSUPPORTED);
    }
  }
}
