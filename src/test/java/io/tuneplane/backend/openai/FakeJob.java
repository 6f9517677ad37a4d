package io.tuneplane.backend.openai;

import static io.tuneplane.backend.openai.FakeAnswer.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tuning job of a [FakeOpenAi]: one second to look at the files, one in the queue, then a step a
/// second. Written from OpenAI's published API description (2026-08-21).
final class FakeJob {

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int CHECKPOINT_EVERY = 3;

  private final ObjectNode job;
  private final List<ObjectNode> events = new ArrayList<>();
  private final List<ObjectNode> checkpoints = new ArrayList<>();
  private final Instant created;
  private final int steps;
  private final Optional<String> failure;
  private Instant next;
  private int step;

  FakeJob(String id, JsonNode request, Instant now, int steps, Optional<String> failure) {
    this.created = now;
    this.next = now.plus(TICK);
    this.steps = steps;
    this.failure = failure;
    this.job = JSON.createObjectNode();
    job.put("object", "fine_tuning.job").put("id", id).put("created_at", now.getEpochSecond());
    job.set("model", request.path("model"));
    job.set("training_file", request.path("training_file"));
    job.set("validation_file", orNull(request.path("validation_file")));
    job.set("user_provided_suffix", orNull(request.path("suffix")));
    job.put("organization_id", "org-fake").put("status", "validating_files");
    job.putNull("finished_at").putNull("fine_tuned_model").putNull("trained_tokens");
    job.putNull("estimated_finish").putNull("error");
    job.putArray("result_files");
    job.putArray("integrations");
    job.put("seed", request.path("seed").asLong(42));
    job.set("metadata", orNull(request.path("metadata")));
    JsonNode method = request.path("method");
    job.set("method", method);
    ObjectNode legacy = job.putObject("hyperparameters");
    JsonNode asked = method.path(method.path("type").asText()).path("hyperparameters");
    for (String name : List.of("n_epochs", "batch_size", "learning_rate_multiplier")) {
      legacy.set(name, asked.has(name) ? asked.get(name) : JSON.getNodeFactory().textNode("auto"));
    }
    event(now, "info", "Created fine-tuning job: " + id, Optional.empty());
  }

  private static JsonNode orNull(JsonNode node) {
    return node.isMissingNode() ? JSON.nullNode() : node;
  }

  String id() {
    return job.path("id").asText();
  }

  String status() {
    return job.path("status").asText();
  }

  void status(String status) {
    job.put("status", status);
  }

  Optional<String> model() {
    return Optional.ofNullable(job.path("fine_tuned_model").textValue());
  }

  Instant created() {
    return created;
  }

  boolean ended() {
    return List.of("succeeded", "failed", "cancelled").contains(status());
  }

  boolean carries(String key, String value) {
    return job.path("metadata").path(key).asText("").equals(value);
  }

  ObjectNode json() {
    return job.deepCopy();
  }

  List<ObjectNode> events() {
    return events.reversed();
  }

  List<ObjectNode> checkpoints() {
    return checkpoints.reversed();
  }

  void tick(Instant now) {
    while (!ended() && !status().equals("paused") && !next.isAfter(now)) {
      move(next);
      next = next.plus(TICK);
    }
  }

  private void move(Instant at) {
    switch (status()) {
      case "validating_files" -> {
        status("queued");
        event(at, "info", "Files validated, moving job to queued state", Optional.empty());
      }
      case "queued" -> {
        status("running");
        event(at, "info", "Fine-tuning job started", Optional.empty());
      }
      default -> step(at);
    }
  }

  private void step(Instant at) {
    step++;
    ObjectNode figures =
        JSON.createObjectNode()
            .put("step", step)
            .put("total_steps", steps)
            .put("train_loss", 2.0 / step)
            .put("train_mean_token_accuracy", 1 - 1.0 / (step + 1));
    event(
        at,
        "info",
        "Step %d/%d: training loss=%.2f".formatted(step, steps, 2.0 / step),
        Optional.of(figures));
    if (step % CHECKPOINT_EVERY == 0) {
      checkpoint(at);
    }
    if (step >= steps) {
      end(at);
    }
  }

  private void checkpoint(Instant at) {
    ObjectNode checkpoint = JSON.createObjectNode();
    checkpoint.put("object", "fine_tuning.job.checkpoint").put("id", "ftckpt_" + id() + step);
    checkpoint.put("created_at", at.getEpochSecond()).put("fine_tuning_job_id", id());
    checkpoint.put("fine_tuned_model_checkpoint", name() + ":ckpt-step-" + step);
    checkpoint.put("step_number", step);
    checkpoint.putObject("metrics").put("step", step).put("train_loss", 2.0 / step);
    checkpoints.add(checkpoint);
  }

  private void end(Instant at) {
    job.put("finished_at", at.getEpochSecond());
    if (failure.isPresent()) {
      status("failed");
      job.putObject("error")
          .put("code", failure.get())
          .put("message", "The job failed: " + failure.get())
          .putNull("param");
      event(at, "error", "The job failed: " + failure.get(), Optional.empty());
      return;
    }
    status("succeeded");
    job.put("fine_tuned_model", name()).put("trained_tokens", 1000L * step);
    ((ArrayNode) job.path("result_files")).add("file-result-" + id());
    event(at, "info", "The job has successfully completed", Optional.empty());
  }

  private String name() {
    return "ft:%s:org:%s:%s"
        .formatted(
            job.path("model").asText(),
            job.path("user_provided_suffix").asText("").replace("null", ""),
            "x0" + id().substring("ftjob-".length()));
  }

  void cancel(Instant now) {
    status("cancelled");
    job.put("finished_at", now.getEpochSecond());
    event(now, "warn", "Fine tuning process stopping due to job cancellation", Optional.empty());
  }

  void pause(Instant now) {
    status("paused");
    event(now, "info", "Fine-tuning job paused", Optional.empty());
  }

  void resume(Instant now) {
    status("queued");
    next = now.plus(TICK);
    event(now, "info", "Fine-tuning job resumed", Optional.empty());
  }

  private void event(Instant at, String level, String message, Optional<ObjectNode> figures) {
    ObjectNode event = JSON.createObjectNode();
    event.put("object", "fine_tuning.job.event");
    event.put("id", "ftevent-%s-%05d".formatted(id(), events.size()));
    event.put("created_at", at.getEpochSecond()).put("level", level).put("message", message);
    event.put("type", figures.isPresent() ? "metrics" : "message");
    event.set("data", figures.orElseGet(JSON::createObjectNode));
    events.add(event);
  }
}
