package io.tuneplane.backend.local;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.TrainingEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// One line of `events.jsonl`, by `docs/schemas/runner/event.schema.json`.
///
/// @param seq its number in the run
/// @param attempt the start of the runner that it is of
/// @param at when
/// @param type `message`, `metrics`, `checkpoint` or `result`
/// @param body the whole object
record EventLine(long seq, int attempt, Instant at, String type, JsonNode body) {

  private static final Set<String> NOT_FIGURES = Set.of("seq", "attempt", "step", "total_steps");

  /// @throws UnreadableFileException if the line is no event
  static EventLine parse(Path file, byte[] line) throws IOException {
    try {
      JsonNode body = LocalJson.MAPPER.readTree(line);
      return new EventLine(
          body.required("seq").longValue(),
          body.required("attempt").intValue(),
          Instant.parse(body.required("at").asText()),
          body.required("type").asText(),
          body);
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw new UnreadableFileException(file, e);
    }
  }

  /// A line of our own, between two starts of the runner.
  static byte[] note(long seq, int attempt, Instant at, TrainingEvent.Level level, String text) {
    ObjectNode body = LocalJson.MAPPER.createObjectNode();
    body.put("seq", seq)
        .put("attempt", attempt)
        .put("at", at.toString())
        .put("type", "message")
        .put("level", level.name().toLowerCase(Locale.ROOT))
        .put("text", text);
    return (body + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  boolean is(String wanted) {
    return type.equals(wanted);
  }

  long step() {
    return body.path("step").asLong();
  }

  /// The stable word of a message that ends a run, where it has one.
  Optional<String> code() {
    return Optional.ofNullable(body.path("code").asText(null));
  }

  String text() {
    return body.path("text").asText();
  }

  /// The event as callers see it; empty for one that is for this backend alone. A checkpoint is one
  /// that ends an epoch, and its reference is the absolute path of its adapter; the others are
  /// there to go on from, and only told of.
  ///
  /// @param run the run's folder
  Optional<TrainingEvent> event(Path run) {
    String id = "%010d".formatted(seq);
    return switch (type) {
      case "message" -> Optional.of(new TrainingEvent.Log(id, at, level(), text()));
      case "metrics" ->
          Optional.of(
              new TrainingEvent.Metrics(
                  id, at, step(), body.path("total_steps").asLong(), figures()));
      case "checkpoint" -> Optional.of(body.has("epoch") ? checkpoint(id, run) : saved(id));
      default -> Optional.empty();
    };
  }

  private TrainingEvent checkpoint(String id, Path run) {
    Path adapter = run.resolve(body.path("path").asText()).resolve("adapter").toAbsolutePath();
    return new TrainingEvent.Checkpoint(id, at, step(), adapter.toString(), figures());
  }

  private TrainingEvent saved(String id) {
    String text = "Saved at step " + step() + "; a restart goes on from there";
    return new TrainingEvent.Log(id, at, TrainingEvent.Level.INFO, text);
  }

  private TrainingEvent.Level level() {
    return switch (body.path("level").asText()) {
      case "error" -> TrainingEvent.Level.ERROR;
      case "warn" -> TrainingEvent.Level.WARN;
      default -> TrainingEvent.Level.INFO;
    };
  }

  private SequencedMap<String, Double> figures() {
    SequencedMap<String, Double> figures = new LinkedHashMap<>();
    body.forEachEntry((name, value) -> {
      if (value.isNumber() && !NOT_FIGURES.contains(name)) {
        figures.put(name, value.doubleValue());
      }
    });
    return figures;
  }
}
