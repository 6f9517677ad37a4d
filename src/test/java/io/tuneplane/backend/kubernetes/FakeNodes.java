package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.RemoteRunners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The Job controller, the nodes and the runners of a [FakeCluster]: each [#tick] everything moves
/// on by a little. Runners write what real ones send.
final class FakeNodes implements RemoteRunners {

  static final String NAMESPACE = "tuning";
  static final String JOBS = "/apis/batch/v1/namespaces/tuning/jobs";
  static final String PODS = "/api/v1/namespaces/tuning/pods";
  static final String EVENTS = "/api/v1/namespaces/tuning/events";

  private final FakeCluster cluster;
  private final Map<String, Admission> admitted = new HashMap<>();
  private final Map<String, Wish> asked = new HashMap<>();
  private boolean held;

  FakeNodes(FakeCluster cluster) {
    this.cluster = cluster;
  }

  /// A node with GPUs, labelled as NVIDIA's feature discovery does it.
  void addNode(String name, String product, int gpus, long gib) {
    ObjectNode node = Json.object().put("kind", "Node");
    ObjectNode metadata = node.putObject("metadata").put("name", name);
    metadata
        .putObject("labels")
        .put("nvidia.com/gpu.product", product)
        .put("nvidia.com/gpu.memory", String.valueOf(gib << 10));
    node.putObject("spec");
    node.putObject("status").putObject("allocatable").put("nvidia.com/gpu", String.valueOf(gpus));
    cluster.put("/api/v1/nodes", node);
  }

  @Override
  public synchronized String admit(Admission admission) {
    admitted.put(RunName.of(admission.mark()).value(), admission);
    return "token-of-" + admission.mark() + "-" + admission.round();
  }

  @Override
  public synchronized void ask(String mark, Wish wish) {
    asked.put(mark, wish);
  }

  /// What was asked of a run's runners last.
  synchronized Optional<Wish> asked(String mark) {
    return Optional.ofNullable(asked.get(mark));
  }

  @Override
  public synchronized void dismiss(String mark) {
    // The runner's folder stays known: it may be asked about again.
  }

  /// Whether pods stay where they are, whatever is ticked.
  synchronized void hold(boolean pods) {
    held = pods;
  }

  /// Lets everything move on.
  synchronized void tick() throws IOException {
    for (ObjectNode job : cluster.list(JOBS)) {
      advance(job);
    }
    for (ObjectNode pod : cluster.list(PODS)) {
      boolean orphan = cluster.list(JOBS).stream().noneMatch(j -> name(j).equals(job(pod)));
      if (orphan) {
        cluster.remove(PODS, name(pod));
      }
    }
  }

  private void advance(ObjectNode job) throws IOException {
    if (job.path("spec").path("suspend").asBoolean() || job.path("status").has("conditions")) {
      return;
    }
    int wanted = job.path("spec").path("completions").asInt();
    List<ObjectNode> pods =
        cluster.list(PODS).stream().filter(p -> job(p).equals(name(job))).toList();
    long live = pods.stream().filter(p -> !phase(p).equals("Failed")).count();
    for (long i = live; i < wanted; i++) {
      cluster.put(PODS, pod(job, pods.size() + (int) i));
    }
    if (held) {
      return;
    }
    for (ObjectNode pod : pods) {
      switch (phase(pod)) {
        case "Pending" -> run(pod);
        case "Running" -> work(job, pod);
        default -> {
          // It has ended.
        }
      }
    }
  }

  private static ObjectNode pod(ObjectNode job, int number) {
    ObjectNode pod = Json.object().put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata").put("name", name(job) + "-0-p" + number);
    ObjectNode labels =
        job.path("spec").path("template").path("metadata").path("labels").deepCopy();
    metadata.set("labels", labels.put("job-name", name(job)));
    pod.set("spec", job.path("spec").path("template").path("spec").deepCopy());
    pod.putObject("status").put("phase", "Pending");
    return pod;
  }

  private void run(ObjectNode pod) {
    ((ObjectNode) pod.path("spec")).put("nodeName", "gpu-0");
    ((ObjectNode) pod.path("status"))
        .put("phase", "Running")
        .put("startTime", Instant.now().toString());
    cluster.put(PODS, pod);
  }

  private void work(ObjectNode job, ObjectNode pod) throws IOException {
    Admission admission =
        Objects.requireNonNull(
            admitted.get(pod.path("metadata").path("labels").path(Labels.RUN).asText()));
    FakeRunner runner = new FakeRunner(admission.folder());
    if (runner.step()) {
      end(pod, "Succeeded", 0, "Completed");
      finish(job, "Complete", "", "");
    }
  }

  /// Ends a pod of a run that is at work.
  synchronized void fail(String mark, int code, String reason) {
    ObjectNode pod = pod(mark);
    end(pod, "Failed", code, reason);
  }

  /// Takes a run's pod off its node.
  synchronized void preempt(String mark) {
    ObjectNode pod = pod(mark);
    ((ObjectNode) pod.path("status"))
        .putArray("conditions")
        .addObject()
        .put("type", "DisruptionTarget")
        .put("status", "True")
        .put("reason", "PreemptionByScheduler")
        .put("message", "preempted by a pod of higher priority");
    end(pod, "Failed", 143, "Error");
  }

  /// A run's pod waits for something.
  synchronized void stick(String mark, String reason, String message) {
    ObjectNode pod = pod(mark);
    ObjectNode status = ((ObjectNode) pod.path("status")).put("phase", "Pending");
    status
        .putArray("containerStatuses")
        .addObject()
        .putObject("state")
        .putObject("waiting")
        .put("reason", reason)
        .put("message", message);
    cluster.put(PODS, pod);
  }

  /// A warning about a run's pod.
  synchronized void warn(String mark, String reason, String message) {
    ObjectNode event = Json.object().put("kind", "Event").put("type", "Warning");
    event.putObject("metadata").put("name", "event-" + reason.toLowerCase(java.util.Locale.ROOT));
    event.putObject("involvedObject").put("name", name(pod(mark)));
    event
        .put("reason", reason)
        .put("message", message)
        .put("lastTimestamp", "2026-11-25T00:00:00Z");
    cluster.put(EVENTS, event);
  }

  /// The Job of a run gives up.
  synchronized void giveUp(String mark, String reason, String message) {
    finish(job(mark), "Failed", reason, message);
  }

  ObjectNode job(String mark) {
    return cluster.list(JOBS).stream()
        .filter(j -> j.path("metadata").path("annotations").path(Labels.MARK).asText().equals(mark))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  ObjectNode pod(String mark) {
    String run = RunName.of(mark).value();
    return cluster.list(PODS).stream()
        .filter(p -> p.path("metadata").path("labels").path(Labels.RUN).asText().equals(run))
        .filter(p -> !phase(p).equals("Failed"))
        .findFirst()
        .orElseThrow();
  }

  private void end(ObjectNode pod, String phase, int code, String reason) {
    ObjectNode status = ((ObjectNode) pod.path("status")).put("phase", phase);
    status
        .putArray("containerStatuses")
        .addObject()
        .putObject("state")
        .putObject("terminated")
        .put("exitCode", code)
        .put("reason", reason);
    cluster.put(PODS, pod);
  }

  private void finish(ObjectNode job, String type, String reason, String message) {
    job.putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("reason", reason)
        .put("message", message);
    cluster.put(JOBS, job);
  }

  private static String job(JsonNode pod) {
    return pod.path("metadata").path("labels").path("job-name").asText();
  }

  private static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  private static String phase(JsonNode pod) {
    return pod.path("status").path("phase").asText();
  }

  /// A runner that has its run's folder before it.
  record FakeRunner(Path folder) {

    private static final int STEPS_PER_EPOCH = 4;

    /// Trains one step.
    ///
    /// @return whether it was the last
    boolean step() throws IOException {
      RunnerEvents events = new RunnerEvents(folder.resolve("events.jsonl"));
      long done = events.last().map(RunnerEvents.Line::step).orElse(0L);
      JsonNode job = Json.MAPPER.readTree(folder.resolve("job.json").toFile());
      int epochs = job.path("hyperparameters").path("n_epochs").asInt();
      long total = (long) epochs * STEPS_PER_EPOCH * (epochs > 10 ? 1_000_000 : 1);
      long step = done + 1;
      tell(metrics(step, total));
      if (step < total) {
        return false;
      }
      leaveResult(step);
      return true;
    }

    private ObjectNode metrics(long step, long total) {
      return event("metrics", step)
          .put("step", step)
          .put("total_steps", total)
          .put("train_loss", 1.0 / step)
          .put("learning_rate", 1e-4);
    }

    private void leaveResult(long step) throws IOException {
      Path adapter = Files.createDirectories(folder.resolve("adapter"));
      Path weights = adapter.resolve("adapter_model.safetensors");
      Files.writeString(weights, "weights");
      Files.writeString(folder.resolve("golden.jsonl"), "{}\n");
      ObjectNode result = event("result", step + 1);
      result
          .putArray("files")
          .addObject()
          .put("path", "adapter/adapter_model.safetensors")
          .put("sha256", ResultCheck.sha256(weights))
          .put("bytes", 7);
      result
          .put("base_digest", "b".repeat(64))
          .put("steps", step)
          .put("tokens", 100)
          .put("seconds", 1.5);
      tell(result);
    }

    private static ObjectNode event(String type, long seq) {
      return Json.object()
          .put("seq", seq)
          .put("attempt", 1)
          .put("at", Instant.now().toString())
          .put("type", type);
    }

    void tell(ObjectNode event) throws IOException {
      Files.writeString(
          folder.resolve("events.jsonl"),
          event + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
