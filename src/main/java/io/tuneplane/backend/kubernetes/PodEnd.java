package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How one pod of a run ended without having done its work.
///
/// @param pod its name
/// @param uid its uid
/// @param startedAt when it began; the epoch where nobody says
/// @param kind why it ended
/// @param words the cluster's own words
record PodEnd(String pod, String uid, Instant startedAt, Kind kind, String words) {

  /// Why a pod ends.
  enum Kind {
    /// It had to leave its node: preempted, drained, the node lost.
    DISRUPTED,
    /// It needed more memory than there was, on the node or on the GPU.
    OUT_OF_MEMORY,
    /// Its input is wrong.
    WRONG_INPUT,
    /// It was asked to stop and left a checkpoint.
    STOPPED,
    /// Anything else.
    FAILED
  }

  private static final int OUT_OF_MEMORY = 21;
  private static final int WRONG_INPUT = 10;
  private static final int STOPPED = 143;

  /// The end of a pod that has failed; empty for one that has not.
  static Optional<PodEnd> of(JsonNode pod) {
    if (!Json.text(pod, "status", "phase").equals("Failed")) {
      return Optional.empty();
    }
    Optional<JsonNode> disruption = condition(pod, "DisruptionTarget");
    JsonNode terminated = terminated(pod);
    return Optional.of(
        new PodEnd(
            Json.text(pod, "metadata", "name"),
            Json.text(pod, "metadata", "uid"),
            instant(Json.text(pod, "status", "startTime")),
            disruption.isPresent() ? Kind.DISRUPTED : kind(terminated),
            disruption.map(PodEnd::disrupted).orElseGet(() -> words(pod, terminated))));
  }

  /// The ends among some pods.
  static List<PodEnd> of(List<JsonNode> pods) {
    return pods.stream().flatMap(pod -> of(pod).stream()).toList();
  }

  private static Kind kind(JsonNode terminated) {
    if (terminated.path("reason").asText().equals("OOMKilled")) {
      return Kind.OUT_OF_MEMORY;
    }
    return switch (terminated.path("exitCode").asInt(-1)) {
      case OUT_OF_MEMORY -> Kind.OUT_OF_MEMORY;
      case WRONG_INPUT -> Kind.WRONG_INPUT;
      case STOPPED -> Kind.STOPPED;
      default -> Kind.FAILED;
    };
  }

  private static JsonNode terminated(JsonNode pod) {
    return pod.path("status").path("containerStatuses").path(0).path("state").path("terminated");
  }

  private static String disrupted(JsonNode condition) {
    return Json.text(condition, "reason") + ": " + Json.text(condition, "message");
  }

  private static String words(JsonNode pod, JsonNode terminated) {
    String said = Json.text(terminated, "message");
    String reason = Json.text(terminated, "reason");
    if (terminated.isMissingNode()) {
      return Json.text(pod, "status", "reason") + " " + Json.text(pod, "status", "message");
    }
    return "exit code %d%s%s"
        .formatted(
            terminated.path("exitCode").asInt(),
            reason.isEmpty() || reason.equals("Error") ? "" : ", " + reason,
            said.isBlank() ? "" : ": " + said.strip());
  }

  /// A condition of an object that is true now.
  static Optional<JsonNode> condition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)
          && condition.path("status").asText().equals("True")) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  static Instant instant(String text) {
    return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
  }
}
