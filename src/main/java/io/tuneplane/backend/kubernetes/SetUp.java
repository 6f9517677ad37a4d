package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.Availability;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether the cluster takes jobs now, and what is missing if not. Asks the cluster, and remembers
/// the answer for a while. Safe for many threads.
final class SetUp {

  /// How long an answer is believed.
  static final Duration FRESH = Duration.ofSeconds(30);

  /// What this backend does in a namespace, and must be let do.
  private static final Map<Kind, List<String>> RIGHTS = new LinkedHashMap<>();

  static {
    RIGHTS.put(Kind.JOB, List.of("create", "get", "list", "watch", "patch", "delete"));
    RIGHTS.put(Kind.POD, List.of("list", "watch"));
    RIGHTS.put(Kind.SECRET, List.of("create", "get"));
    RIGHTS.put(Kind.NETWORK_POLICY, List.of("create", "get"));
    RIGHTS.put(Kind.SERVICE, List.of("create", "get"));
    RIGHTS.put(Kind.EVENT, List.of("list"));
    RIGHTS.put(Kind.NODE, List.of("list"));
  }

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
    List<String> denied = new ArrayList<>();
    for (var right : RIGHTS.entrySet()) {
      for (String verb : right.getValue()) {
        Kind kind = right.getKey();
        if (denied.size() < 3 && !access.cluster().may(verb, kind)) {
          denied.add(
              "may not %s %s in namespace %s; %s"
                  .formatted(
                      verb,
                      kind.resource(),
                      access.cluster().namespace(),
                      Failures.rule(verb, kind.resource())));
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
