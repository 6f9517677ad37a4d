package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.config.ClusterSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// The `batch/v1` Job of a run: a pure function of what it is given. Nothing that a user wrote gets
/// into it: names are made from the run's mark, everything else from the settings, which were
/// checked when they were read; what the user wrote travels in `job.json`, over the runner's
/// protocol.
///
/// @param mark the run's mark
/// @param round which Job of the run it is, from 1
/// @param nodes pods, each on a node of its own
/// @param resources what each gets
/// @param image what they run
/// @param runner the runner's command
/// @param kueue whether Kueue is there, so that the Job waits until it is admitted
record TrainingJob(
    String mark,
    int round,
    int nodes,
    PodResources resources,
    String image,
    List<String> runner,
    boolean kueue) {

  /// Starts that may fail before the run is given up, for each node.
  static final int FAILURES = 6;

  /// How long a pod that is asked to leave may take to write its checkpoint.
  static final int GRACE_SECONDS = 120;

  /// The port at which torchrun's processes find each other.
  static final int RENDEZVOUS_PORT = 29_500;

  static final String CONTAINER = "trainer";

  private static final int SHARED_GIB = 8;

  TrainingJob {
    runner = List.copyOf(runner);
  }

  RunName run() {
    return RunName.of(mark);
  }

  String name() {
    return run().job(round);
  }

  /// The manifest.
  ObjectNode manifest(ClusterSettings settings) {
    ObjectNode job = Json.object().put("apiVersion", "batch/v1").put("kind", "Job");
    ObjectNode metadata = job.putObject("metadata").put("name", name());
    ObjectNode labels = labels();
    if (kueue) {
      settings.queue().name().ifPresent(queue -> labels.put(Labels.QUEUE, queue));
      settings.queue().priorityClass().ifPresent(p -> labels.put(Labels.PRIORITY, p));
    }
    metadata.set("labels", labels);
    metadata.putObject("annotations").put(Labels.MARK, mark);
    ObjectNode spec = job.putObject("spec");
    spec.put("suspend", waits(settings))
        .put("completionMode", "Indexed")
        .put("completions", nodes)
        .put("parallelism", nodes)
        .put("backoffLimit", FAILURES * nodes)
        .put("activeDeadlineSeconds", settings.times().deadline().toSeconds())
        .put("ttlSecondsAfterFinished", settings.times().kept().toSeconds())
        .put("podReplacementPolicy", "Failed");
    spec.putObject("podFailurePolicy").set("rules", rules());
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").set("labels", labels());
    template.set("spec", pod(settings));
    return job;
  }

  /// Under Kueue every Job waits to be admitted; elsewhere one of several pods waits until all of
  /// them find a node at once.
  private boolean waits(ClusterSettings settings) {
    return nodes > 1 || (kueue && settings.queue().name().isPresent());
  }

  private ObjectNode labels() {
    return Labels.of("training", run().value()).put(Labels.RUN, run().value());
  }

  /// A pod that had to leave its node counts for nothing; input that is wrong ends the run; what
  /// may go better next time, and want of memory, count.
  private static ArrayNode rules() {
    ArrayNode rules = Json.array();
    rules
        .addObject()
        .put("action", "Ignore")
        .putArray("onPodConditions")
        .addObject()
        .put("type", "DisruptionTarget")
        .put("status", "True");
    rules.add(rule("FailJob", List.of(2, 10)));
    rules.add(rule("Count", List.of(20, 21)));
    return rules;
  }

  private static ObjectNode rule(String action, List<Integer> codes) {
    ObjectNode rule = Json.object().put("action", action);
    ArrayNode values =
        rule.putObject("onExitCodes")
            .put("containerName", CONTAINER)
            .put("operator", "In")
            .putArray("values");
    codes.forEach(values::add);
    return rule;
  }

  private ObjectNode pod(ClusterSettings settings) {
    ObjectNode spec =
        Json.object()
            .put("restartPolicy", "Never")
            .put("terminationGracePeriodSeconds", GRACE_SECONDS);
    if (nodes > 1) {
      spec.put("subdomain", name());
      apart(spec);
    }
    PodSecurity.pod(spec);
    settings
        .images()
        .pullSecret()
        .ifPresent(secret -> spec.putArray("imagePullSecrets").addObject().put("name", secret));
    ObjectNode container = Json.object().put("name", CONTAINER).put("image", image);
    container.set("command", Json.texts(runner));
    environment(container.putArray("env"), settings);
    resources.writeTo(spec, container);
    PodSecurity.container(container);
    PodVolumes volumes =
        new PodVolumes(spec, container)
            .scratch("work", PodVolumes.WORK)
            .scratch("tmp", "/tmp")
            .secret(name())
            .models(settings.modelsClaim());
    if (resources.gpus() > 0) {
      volumes.sharedMemory(SHARED_GIB);
    }
    spec.putArray("containers").add(container);
    return spec;
  }

  /// No two pods of a run on one node: each has asked for its share of a node's GPUs, and the run
  /// ends with any of its nodes anyway.
  private void apart(ObjectNode spec) {
    ObjectNode term =
        spec.putObject("affinity")
            .putObject("podAntiAffinity")
            .putArray("requiredDuringSchedulingIgnoredDuringExecution")
            .addObject();
    term.put("topologyKey", "kubernetes.io/hostname");
    term.putObject("labelSelector").putObject("matchLabels").put(Labels.RUN, run().value());
  }

  private void environment(ArrayNode env, ClusterSettings settings) {
    Optional<URI> url = settings.controlPlane().url();
    url.ifPresent(u -> put(env, "TUNEPLANE_URL", u.toString()));
    put(env, "TUNEPLANE_TOKEN_FILE", PodVolumes.SECRETS + "/token");
    if (settings.controlPlane().ca().isPresent()) {
      put(env, "TUNEPLANE_CA_FILE", PodVolumes.SECRETS + "/ca.crt");
    }
    put(env, "TUNEPLANE_MARK", mark);
    put(env, "TUNEPLANE_DIR", PodVolumes.WORK);
    settings.modelsClaim().ifPresent(_ -> put(env, "TUNEPLANE_MODELS", PodVolumes.MODELS));
    put(env, "HOME", "/tmp");
    put(env, "TUNEPLANE_NODES", String.valueOf(nodes));
    put(env, "TUNEPLANE_GPUS_PER_NODE", String.valueOf(resources.gpus()));
    if (nodes > 1) {
      put(env, "TUNEPLANE_RENDEZVOUS", name() + "-0." + name() + ":" + RENDEZVOUS_PORT);
    }
  }

  private static void put(ArrayNode env, String name, String value) {
    env.addObject().put("name", name).put("value", value);
  }
}
