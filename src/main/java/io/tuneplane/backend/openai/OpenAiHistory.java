package io.tuneplane.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponse;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobListParams;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.PastJob;
import io.tuneplane.backend.PastJobs;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/// The jobs and files of an account at OpenAI, or at another host of its API. Safe for many
/// threads.
public final class OpenAiHistory implements PastJobs {

  private static final String OPERATION = "import";
  private static final long PAGE = 100;

  private final Account account;
  private final Failures failures;

  /// @param keys where the key comes from; asked for every call
  public OpenAiHistory(OpenAiSettings settings, KeySource keys) {
    this.account = new Account(settings, keys);
    this.failures = new Failures(account::withoutKey);
  }

  @Override
  public String backend() {
    return OpenAiSettings.NAME;
  }

  @Override
  public List<PastJob> jobs() {
    JobListParams params = JobListParams.builder().limit(PAGE).build();
    List<PastJob> jobs =
        failures.of(
            OPERATION,
            () ->
                new ArrayList<>(
                    client().fineTuning().jobs().list(params).autoPager().stream()
                        .map(OpenAiHistory::past)
                        .toList()));
    Collections.reverse(jobs);
    return List.copyOf(jobs);
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // Closed where it has passed the translation of errors.
  public <T> Optional<T> file(String id, Reader<T> reader) throws IOException {
    try {
      String name = failures.of(OPERATION, () -> client().files().retrieve(id)).filename();
      try (HttpResponse content = failures.of(OPERATION, () -> client().files().content(id))) {
        return Optional.of(reader.read(name, content.body()));
      }
    } catch (BackendException.RunLost _) {
      return Optional.empty(); // That is how the API says that there is none.
    }
  }

  private OpenAIClient client() {
    return account.client(OPERATION);
  }

  private static PastJob past(FineTuningJob job) {
    JsonNode node = Objects.requireNonNull(JsonValue.from(job).convert(JsonNode.class));
    JsonNode method = node.path("method");
    String type = method.path("type").asText("supervised");
    JsonNode asked = method.path(type).path("hyperparameters");
    return new PastJob(
        job.id(),
        job.model(),
        Arrays.stream(Method.values()).filter(m -> m.wireName().equals(type)).findFirst(),
        texts(asked.isObject() ? asked : node.path("hyperparameters")),
        Instant.ofEpochSecond(job.createdAt()),
        job.finishedAt().map(Instant::ofEpochSecond),
        job.trainingFile(),
        job.validationFile(),
        job.resultFiles(),
        suffix(node),
        node.path("seed").asLong(0),
        texts(node.path("metadata")),
        JobParams.markOf(job));
  }

  /// The suffix: a field of its own at OpenAI, though not in its API description; else a part of
  /// the tuned model's name.
  private static Optional<String> suffix(JsonNode job) {
    Optional<String> own = Optional.ofNullable(job.path("user_provided_suffix").textValue());
    return own.or(
            () -> {
              String[] parts = job.path("fine_tuned_model").asText("").split(":", -1);
              return parts.length == 5 ? Optional.of(parts[3]) : Optional.empty();
            })
        .filter(suffix -> !suffix.isEmpty());
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new TreeMap<>();
    StreamSupport.stream(node.properties().spliterator(), false)
        .filter(field -> field.getValue().isValueNode() && !field.getValue().isNull())
        .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }

  @Override
  public void close() {
    account.close();
  }
}
