package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lets suspended Jobs in: where Kueue is there it does that, and this tells where they stand;
/// where it is not, a Job of several pods starts when all of them find a node at once.
final class Queueing {

  private final ClusterSettings settings;
  private final ClusterAccess access;

  Queueing(ClusterSettings settings, ClusterAccess access) {
    this.settings = settings;
    this.access = access;
  }

  /// What a suspended Job waits for.
  ///
  /// @param words for people
  /// @param hopeless whether somebody has to do something about it
  record Standing(String words, boolean hopeless) {}

  /// Starts the Job if that is ours to do and it fits; else tells what it waits for.
  ///
  /// @return empty if it was started
  Optional<Standing> letIn(JsonNode job, RunRecord record) throws IOException, ClusterException {
    String queue = job.path("metadata").path("labels").path(Labels.QUEUE).asText();
    Optional<String> kueue = queue.isEmpty() ? Optional.empty() : access.kueue();
    return kueue.isPresent() ? Optional.of(standing(job, queue, kueue.get())) : start(job, record);
  }

  private Optional<Standing> start(JsonNode job, RunRecord record)
      throws IOException, ClusterException {
    RunRecord.Size size = record.size();
    Optional<ClusterView.Nodes> nodes =
        size.kind().isEmpty() ? Optional.empty() : access.look().kind(size.kind().get().name());
    if (size.kind().isPresent()) {
      if (nodes.isEmpty()) {
        return Optional.of(
            new Standing("the cluster has no %s now".formatted(size.kind().get().name()), false));
      }
      if (!nodes.get().takes(size.nodes(), size.gpusPerNode())) {
        return Optional.of(
            new Standing(
                "waits for %d x %d %s at once; %d of %d are free"
                    .formatted(
                        size.nodes(),
                        size.gpusPerNode(),
                        size.kind().get().name(),
                        nodes.get().freeInAll(),
                        nodes.get().total()),
                false));
      }
    }
    var change = Json.object();
    change.putObject("spec").put("suspend", false);
    access.cluster().merge(Kind.JOB, Json.text(job, "metadata", "name"), change);
    return Optional.empty();
  }

  private Standing standing(JsonNode job, String queue, String version)
      throws IOException, ClusterException {
    Kind workloads = Kind.workload(version);
    List<JsonNode> all = access.cluster().list(workloads, Map.of()).items();
    String uid = Json.text(job, "metadata", "uid");
    Optional<JsonNode> own = all.stream().filter(w -> isOf(w, uid)).findFirst();
    if (own.isEmpty()) {
      return new Standing("in Kueue's queue " + queue, false);
    }
    JsonNode reserved = condition(own.get(), "QuotaReserved");
    String words = Json.text(reserved, "message");
    if (words.contains("doesn't exist") || words.contains("does not exist")) {
      return new Standing("Kueue: " + words, true);
    }
    List<JsonNode> waiting =
        all.stream()
            .filter(w -> Json.text(w, "spec", "queueName").equals(queue))
            .filter(w -> PodEnd.condition(w, "QuotaReserved").isEmpty())
            .filter(w -> PodEnd.condition(w, "Finished").isEmpty())
            .sorted(
                Comparator.<JsonNode>comparingInt(w -> -w.path("spec").path("priority").asInt(0))
                    .thenComparing(w -> Json.text(w, "metadata", "creationTimestamp"))
                    .thenComparing(w -> Json.text(w, "metadata", "name")))
            .toList();
    int place = waiting.indexOf(own.get()) + 1;
    return new Standing(
        "in Kueue's queue %s, %d of %d%s"
            .formatted(queue, place, waiting.size(), words.isEmpty() ? "" : ": " + words),
        words.contains("maximum capacity"));
  }

  private static boolean isOf(JsonNode workload, String uid) {
    for (JsonNode owner : workload.path("metadata").path("ownerReferences")) {
      if (owner.path("uid").asText().equals(uid)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode condition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return Json.object();
  }

  /// How full the queue of the settings is; empty where there is none.
  Optional<String> condition() throws IOException, ClusterException {
    Optional<String> queue = settings.queue().name();
    Optional<String> version = queue.isEmpty() ? Optional.empty() : access.kueue();
    if (version.isEmpty()) {
      return Optional.empty();
    }
    return access
        .cluster()
        .get(Kind.localQueue(version.get()), queue.get())
        .map(q -> {
          JsonNode status = q.path("status");
          return "queue %s: %d waiting, %d admitted"
              .formatted(
                  queue.get(),
                  status.path("pendingWorkloads").asInt(),
                  status.path("admittedWorkloads").asInt());
        });
  }

  /// What is wrong with the queue of the settings; empty where nothing is.
  Optional<String> objection() throws IOException, ClusterException {
    Optional<String> queue = settings.queue().name();
    if (queue.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> version = access.kueue();
    if (version.isEmpty()) {
      return Optional.of(
          "kubernetes.queue is %s, and the cluster has no Kueue; install it, or leave the queue out"
              .formatted(queue.get()));
    }
    Kind queues = Kind.localQueue(version.get());
    if (access.cluster().get(queues, queue.get()).isPresent()) {
      return Optional.empty();
    }
    List<String> there =
        access.cluster().list(queues, Map.of()).items().stream()
            .map(q -> Json.text(q, "metadata", "name"))
            .sorted()
            .toList();
    return Optional.of(
        "there is no LocalQueue %s in namespace %s; there %s"
            .formatted(
                queue.get(),
                access.cluster().namespace(),
                there.isEmpty() ? "is none" : "are " + String.join(", ", there)));
  }
}
