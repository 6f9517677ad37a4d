package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.Availability;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether the cluster takes jobs now, and what is missing if not. Asks the cluster, and remembers
/// the answer for a while. Safe for many threads.
final class SetUp {

  /// How long an answer is believed.
  static final Duration FRESH = Duration.ofSeconds(30);

  /// A thing that we do with a kind of object.
  private record Right(Kind kind, List<String> verbs) {

    private Right {
      verbs = List.copyOf(verbs);
    }

    static Right to(Kind kind, String... verbs) {
      return new Right(kind, List.of(verbs));
    }
  }

  /// What training does, and must be let do.
  private static final List<Right> TRAINING =
      List.of(
          Right.to(Kind.JOB, "create", "get", "list", "watch", "patch", "delete"),
          Right.to(Kind.POD, "list", "watch"),
          Right.to(Kind.SECRET, "create", "get"),
          Right.to(Kind.NETWORK_POLICY, "create", "get"),
          Right.to(Kind.SERVICE, "create", "get"),
          Right.to(Kind.EVENT, "list"),
          Right.to(Kind.NODE, "list"));

  /// What serving does beyond that.
  private static final List<Right> SERVING =
      List.of(
          Right.to(Kind.DEPLOYMENT, "create", "patch", "delete"),
          Right.to(Kind.DISRUPTION_BUDGET, "create", "patch", "delete"),
          Right.to(Kind.SERVICE, "patch", "delete"),
          Right.to(Kind.NETWORK_POLICY, "patch", "delete"),
          Right.to(Kind.SECRET, "delete"));

  private static final int MOST_TOLD = 3;

  private final ClusterSettings settings;
  private final ClusterAccess access;
  private final Queueing queueing;
  private final InstantSource clock;
  private @Nullable Answer answer;

  SetUp(ClusterSettings settings, ClusterAccess access, Queueing queueing, InstantSource clock) {
    this.settings = settings;
    this.access = access;
    this.queueing = queueing;
    this.clock = clock;
  }

  private record Answer(Availability availability, Instant until) {}

  Availability now() {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      return new Availability.NeedsSetup(missing.get());
    }
    synchronized (this) {
      if (answer != null && clock.instant().isBefore(answer.until())) {
        return answer.availability();
      }
    }
    Availability asked = ask();
    synchronized (this) {
      answer = new Answer(asked, clock.instant().plus(FRESH));
    }
    return asked;
  }

  /// What the settings lack, whatever the cluster says.
  Optional<String> missing() {
    if (settings.namespace().isEmpty()) {
      return Optional.of("set kubernetes.namespace to the namespace in which jobs may run");
    }
    if (settings.images().trl().isEmpty() && settings.images().djl().isEmpty()) {
      return Optional.of(
          "set kubernetes.images.trl to the trainer's image (gpu-images/trl), or"
              + " kubernetes.images.djl for nodes without GPUs");
    }
    if (settings.controlPlane().url().isEmpty()) {
      return Optional.of(
          "set control_plane.url to the address at which pods reach this server, over https");
    }
    if (settings.images().vllm().isEmpty() || settings.modelsClaim().isEmpty()) {
      return Optional.of(
          "set kubernetes.images.vllm to the server's image (gpu-images/vllm), and"
              + " kubernetes.models_claim to the volume claim with base models: a job has succeeded"
              + " only once its model answers there as it did in training");
    }
    return Optional.empty();
  }

  private Availability ask() {
    try {
      List<String> denied = denied();
      if (!denied.isEmpty()) {
        return new Availability.NeedsSetup(String.join("; ", denied));
      }
      Optional<String> queue = queueing.objection();
      if (queue.isPresent()) {
        return new Availability.NeedsSetup(queue.get());
      }
      ClusterView gpus = access.gpus();
      boolean canTrain = !gpus.types().isEmpty() || settings.images().djl().isPresent();
      return canTrain ? new Availability.Ready() : new Availability.NeedsSetup(noGpus(gpus));
    } catch (ClusterException e) {
      return new Availability.NeedsSetup(
          e.code() == 403 ? Failures.rights(e) : "the API server answers " + e.getMessage());
    } catch (IOException e) {
      return new Availability.NeedsSetup(
          "the cluster can't be reached (%s); set kubernetes.kubeconfig and kubernetes.context, or"
                  .formatted(e.getMessage())
              + " run this server in the cluster");
    }
  }

  private List<String> denied() throws IOException, ClusterException {
    List<Right> rights = new ArrayList<>(TRAINING);
    if (settings.images().vllm().isPresent()) {
      rights.addAll(SERVING);
    }
    List<String> denied = new ArrayList<>();
    for (Right right : rights) {
      for (String verb : right.verbs()) {
        if (denied.size() < MOST_TOLD && !access.cluster().may(verb, right.kind())) {
          denied.add(
              "may not %s %s in namespace %s; %s"
                  .formatted(
                      verb,
                      right.kind().resource(),
                      access.cluster().namespace(),
                      Failures.rule(verb, right.kind().resource())));
        }
      }
    }
    return denied;
  }

  private static String noGpus(ClusterView gpus) {
    return gpus.kinds().isEmpty()
        ? "no node of the cluster offers GPUs that pods of ours may use; install the GPU operator, or"
            + " tell kubernetes.gpus.NAME.node_selector and .tolerations, or set"
            + " kubernetes.images.djl to train small models on processors"
        : "nobody says how much memory the cluster's GPUs have (%s); tell".formatted(gpus.words())
            + " kubernetes.gpus.NAME.memory and .node_selector";
  }
}
