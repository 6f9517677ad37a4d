package io.tuneplane.backend.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.remote.RefusedException.Why;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;

/// What every event that a runner sends must be, whatever else is in it
/// (`docs/schemas/runner/event.schema.json`): what others read of it later can be read.
final class EventCheck {

  private static final Set<String> TYPES = Set.of("message", "metrics", "checkpoint", "result");

  private EventCheck() {}

  /// @throws RefusedException if it is something else
  static void require(ObjectNode event, int attempt) {
    if (!event.path("seq").canConvertToLong() || event.path("seq").asLong() < 1) {
      throw invalid("an event has a seq from 1 on");
    }
    if (event.path("attempt").asInt() != attempt) {
      throw invalid("an event names the attempt that sends it, %d".formatted(attempt));
    }
    requireTime(event.path("at").asText());
    String type = event.path("type").asText();
    if (!TYPES.contains(type)) {
      throw invalid("an event is one of " + TYPES.stream().sorted().toList());
    }
    if (type.equals("checkpoint")) {
      requireCheckpoint(event);
    }
    if (type.equals("result")) {
      requireResult(event);
    }
  }

  private static void requireTime(String at) {
    try {
      Instant.parse(at);
    } catch (DateTimeParseException e) {
      throw invalid("an event says when, as 2026-01-31T12:00:00Z");
    }
  }

  private static void requireCheckpoint(ObjectNode event) {
    String expected = "checkpoints/step-" + event.path("step").asLong(-1);
    if (!event.path("path").asText().equals(expected)) {
      throw invalid("a checkpoint lies in checkpoints/step-N, by its step");
    }
  }

  private static void requireResult(ObjectNode event) {
    UploadSet.Name result = new UploadSet.Name("result");
    if (!event.path("files").isArray() || event.path("files").isEmpty()) {
      throw invalid("a result lists its files");
    }
    for (JsonNode file : event.path("files")) {
      String _ = FileName.checked(result, file.path("path").asText());
    }
  }

  private static RefusedException invalid(String message) {
    return RefusedException.of(Why.INVALID, message);
  }
}
