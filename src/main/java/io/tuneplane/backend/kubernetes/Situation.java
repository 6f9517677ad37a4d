package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where a run's Job stands, read from the Job and its pods. Pure.
sealed interface Situation {

  /// There is no Job.
  record NoJob() implements Situation {}

  /// The Job is on its way out, or its pods are.
  record Leaving() implements Situation {}

  /// All its pods are done.
  record Complete() implements Situation {}

  /// The Job has given up.
  ///
  /// @param reason Kubernetes' word, e.g. `BackoffLimitExceeded`
  /// @param message its sentence
  record GaveUp(String reason, String message) implements Situation {}

  /// It waits to be let in: by Kueue, or by us.
  record Suspended() implements Situation {}

  /// A pod can't start, for a reason that somebody has to remove.
  ///
  /// @param code a stable word for programs
  /// @param words the cluster's own words
  record Troubled(String code, String words) implements Situation {}

  /// It waits for nodes, images, volumes.
  ///
  /// @param words the cluster's own words; blank where it says nothing
  record Pending(String words) implements Situation {}

  /// At work.
  ///
  /// @param since when the latest pod began
  /// @param nodes where
  record Running(Instant since, List<String> nodes) implements Situation {

    public Running {
      nodes = List.copyOf(nodes);
    }
  }

  /// What kubelets say of an image or a pod that will not come right by itself.
  Set<String> TROUBLES =
      Set.of(
          "ImagePullBackOff",
          "ErrImagePull",
          "InvalidImageName",
          "ErrImageNeverPull",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");

  /// Reads it.
  ///
  /// @param job the Job, if there is one
  /// @param pods its pods
  static Situation of(Optional<JsonNode> job, List<JsonNode> pods) {
    if (job.isEmpty()) {
      return pods.stream().allMatch(Situation::ended) ? new NoJob() : new Leaving();
    }
    if (!Json.text(job.get(), "metadata", "deletionTimestamp").isEmpty()) {
      return new Leaving();
    }
    Optional<JsonNode> failed = PodEnd.condition(job.get(), "Failed");
    if (failed.isPresent()) {
      return new GaveUp(Json.text(failed.get(), "reason"), Json.text(failed.get(), "message"));
    }
    if (PodEnd.condition(job.get(), "Complete").isPresent()) {
      return new Complete();
    }
    if (job.get().path("spec").path("suspend").asBoolean(false)) {
      return new Suspended();
    }
    return atWork(job.get(), pods.stream().filter(p -> !ended(p)).toList());
  }

  private static Situation atWork(JsonNode job, List<JsonNode> pods) {
    Optional<Situation> trouble = pods.stream().flatMap(p -> trouble(p).stream()).findFirst();
    if (trouble.isPresent()) {
      return trouble.get();
    }
    List<JsonNode> running =
        pods.stream().filter(p -> Json.text(p, "status", "phase").equals("Running")).toList();
    int wanted = job.path("spec").path("completions").asInt(1);
    int done = job.path("status").path("succeeded").asInt(0);
    if (!running.isEmpty() && running.size() + done >= wanted) {
      return new Running(
          running.stream()
              .map(p -> PodEnd.instant(Json.text(p, "status", "startTime")))
              .max(Instant::compareTo)
              .orElse(Instant.EPOCH),
          running.stream().map(p -> Json.text(p, "spec", "nodeName")).distinct().sorted().toList());
    }
    return new Pending(pods.stream().flatMap(Situation::waiting).findFirst().orElse(""));
  }

  private static Optional<Situation> trouble(JsonNode pod) {
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      JsonNode waiting = container.path("state").path("waiting");
      String reason = waiting.path("reason").asText("");
      if (TROUBLES.contains(reason)) {
        String words = Json.text(waiting, "message");
        String code = reason.contains("Image") ? "image_pull" : "pod_start";
        return Optional.of(new Troubled(code, reason + (words.isEmpty() ? "" : ": " + words)));
      }
    }
    return Optional.empty();
  }

  private static Stream<String> waiting(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("PodScheduled")
          && condition.path("status").asText().equals("False")) {
        return Stream.of(Json.text(condition, "message"));
      }
    }
    return Stream.of();
  }

  private static boolean ended(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }
}
