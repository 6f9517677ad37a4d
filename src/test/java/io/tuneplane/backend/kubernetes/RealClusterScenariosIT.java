package io.tuneplane.backend.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.HardwareWish;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.config.ClusterSettings.Queue;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// What happens in clusters, on a real API server with its controllers and Kueue, and simulated
/// nodes: `.ci/k8s` starts it. Every pod has to get into a namespace that enforces `restricted`.
@Tag("heavy")
@EnabledIfEnvironmentVariable(named = RealNodes.KUBECONFIG, matches = ".+")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RealClusterScenariosIT {

  private static final Optional<String> NO_QUEUE = Optional.empty();
  private static final Optional<String> QUEUE = Optional.of("tuneplane");
  private static final int QUOTA = 8;

  @TempDir private Path directory;

  private final List<KubernetesTraining> backends = new ArrayList<>();
  private RealNodes nodes;
  private ClusterPlace place;

  @BeforeEach
  void connect() throws IOException {
    nodes = new RealNodes();
    place = new ClusterPlace(directory);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    backends.forEach(KubernetesTraining::close);
    place.close();
    nodes.close();
  }

  private KubernetesTraining backend(Optional<String> queue, Optional<String> priority)
      throws IOException {
    ClusterSettings plain = nodes.settings(queue);
    ClusterSettings settings =
        new ClusterSettings(
            plain.namespace(),
            plain.access(),
            plain.onPrem(),
            new Queue(queue, priority),
            plain.images(),
            plain.modelsClaim(),
            plain.controlPlane(),
            plain.times(),
            plain.gpus(),
            plain.serving());
    KubernetesTraining backend =
        new KubernetesTraining(
            settings, directory.resolve("k"), place.bases(), nodes, InstantSource.system());
    backends.add(backend);
    return backend;
  }

  private static TrainingSpec on(TrainingSpec spec, int gpus, int nodes) {
    return new TrainingSpec(
        spec.baseModel(),
        spec.method(),
        spec.trainingFile(),
        spec.trainingDigest(),
        spec.validationFile(),
        spec.hyperparameters(),
        spec.seed(),
        spec.suffix(),
        spec.startFrom(),
        spec.automatic(),
        spec.labels(),
        new HardwareWish(OptionalInt.of(gpus), OptionalInt.of(nodes), Optional.empty()));
  }

  private static RunHandle submit(KubernetesTraining backend, String mark, TrainingSpec spec) {
    return backend.submit(
        spec, new SubmissionKey(mark), TestClearances.onHardware(KubernetesTraining.NAME));
  }

  private RunState await(KubernetesTraining backend, RunHandle run, Predicate<RunState> wanted)
      throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    RunState state = backend.observe(run, Cursor.START).state();
    while (!wanted.test(state)) {
      assertThat(System.nanoTime())
          .as("%s is %s: %s", run.remoteId(), state, words(backend, run))
          .isLessThan(deadline);
      nodes.tick();
      Thread.sleep(100);
      state = backend.observe(run, Cursor.START).state();
    }
    return state;
  }

  private static String words(KubernetesTraining backend, RunHandle run) {
    return backend.observe(run, Cursor.START).events().stream()
        .filter(TrainingEvent.Log.class::isInstance)
        .map(e -> ((TrainingEvent.Log) e).text())
        .collect(Collectors.joining("\n"));
  }

  private JsonNode awaitPod(KubernetesTraining backend, RunHandle run, String other)
      throws Exception {
    await(backend, run, RunState.Running.class::isInstance);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (true) {
      Optional<JsonNode> pod =
          nodes.pods(run.remoteId()).stream().filter(p -> !name(p).equals(other)).findFirst();
      if (pod.isPresent()) {
        return pod.get();
      }
      assertThat(System.nanoTime()).as(words(backend, run)).isLessThan(deadline);
      backend.observe(run, Cursor.START);
      Thread.sleep(100);
    }
  }

  private static String name(JsonNode object) {
    return Json.text(object, "metadata", "name");
  }

  private int gpusInUse() throws IOException, ClusterException {
    int gpus = 0;
    for (JsonNode pod : nodes.cluster().list(Kind.POD, Labels.OURS).items()) {
      if (Json.text(pod, "status", "phase").equals("Running")) {
        gpus +=
            pod.path("spec")
                .path("containers")
                .path(0)
                .path("resources")
                .path("limits")
                .path("nvidia.com/gpu")
                .asInt();
      }
    }
    return gpus;
  }

  /// Kueue's clock ticks in seconds: within one, any order is in order.
  private String madeAt(String mark) throws IOException, ClusterException {
    return nodes
        .cluster()
        .get(Kind.JOB, RunName.of(mark).job(1))
        .map(j -> Json.text(j, "metadata", "creationTimestamp"))
        .orElseThrow();
  }

  @Test
  void twentyJobsGoThroughAQuotaOfEightGpusInOrder() throws Exception {
    KubernetesTraining backend = backend(QUEUE, Optional.empty());
    List<RunHandle> runs = new ArrayList<>();
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(submit(backend, "queued-" + i, on(place.spec(1), 4, 1)));
      backend.observe(runs.getLast(), Cursor.START);
      made.add(madeAt("queued-" + i));
    }

    List<Integer> started = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(200).toNanos();
    int ended = 0;
    while (ended < runs.size()) {
      assertThat(System.nanoTime()).as("started: %s", started).isLessThan(deadline);
      assertThat(gpusInUse()).isLessThanOrEqualTo(QUOTA);
      ended = 0;
      for (int i = 0; i < runs.size(); i++) {
        RunState state = backend.observe(runs.get(i), Cursor.START).state();
        ended += state.ended() ? 1 : 0;
        if (!(state instanceof RunState.Queued) && !started.contains(i)) {
          started.add(i);
        }
      }
      nodes.tick();
      Thread.sleep(50);
    }

    assertThat(started).hasSize(20);
    assertThat(started.stream().map(made::get).toList()).isSorted();
    assertThat(words(backend, runs.get(19))).contains("in Kueue's queue tuneplane");
  }

  @Test
  void aGangStartsWholeOrNotAtAll() throws Exception {
    KubernetesTraining backend = backend(NO_QUEUE, Optional.empty());
    RunHandle first = submit(backend, "alone", on(place.spec(50), 8, 1));
    await(backend, first, RunState.Running.class::isInstance);

    RunHandle gang = submit(backend, "gang", on(place.spec(1), 8, 2));
    await(backend, gang, _ -> words(backend, gang).contains("waits for 2 x 8"));
    assertThat(nodes.pods("gang")).isEmpty();
    backend.cancel(first);
    await(backend, first, RunState::ended);
    awaitPod(backend, gang, "");

    assertThat(nodes.pods("gang"))
        .hasSize(2)
        .extracting(p -> Json.text(p, "spec", "nodeName"))
        .containsExactlyInAnyOrder("gpu-0", "gpu-1");
    assertThat(await(backend, gang, RunState::ended)).isInstanceOf(RunState.Succeeded.class);
  }

  // F12
  @Test
  void anEvictedPodIsReplacedAndCountsForNothing() throws Exception {
    KubernetesTraining backend = backend(NO_QUEUE, Optional.empty());
    RunHandle run = submit(backend, "evicted", on(place.spec(50), 1, 1));
    JsonNode pod = awaitPod(backend, run, "");

    evict(name(pod));
    awaitPod(backend, run, name(pod));

    assertThat(words(backend, run)).contains("had to leave its node");
    assertThat(job("evicted").path("status").path("failed").asInt()).isZero();
  }

  private void evict(String pod) throws IOException, ClusterException {
    ObjectNode eviction = Json.object().put("apiVersion", "policy/v1").put("kind", "Eviction");
    eviction.putObject("metadata").put("name", pod).put("namespace", nodes.cluster().namespace());
    String path = Kind.POD.path(nodes.cluster().namespace()) + "/" + pod + "/eviction";
    nodes
        .cluster()
        .open("evict pods", "POST", path, Map.of(), eviction, "application/json")
        .close();
  }

  private JsonNode job(String mark) throws IOException, ClusterException {
    return nodes.cluster().get(Kind.JOB, RunName.of(mark).job(1)).orElseThrow();
  }

  // F12
  @Test
  void aNodeThatDiesTakesItsPodsAlongAndTheRunGoesOn() throws Exception {
    KubernetesTraining backend = backend(NO_QUEUE, Optional.empty());
    RunHandle run = submit(backend, "lost-node", on(place.spec(50), 8, 1));
    JsonNode pod = awaitPod(backend, run, "");
    String lost = Json.text(pod, "spec", "nodeName");
    JsonNode node = nodes.cluster().get(Kind.NODE, lost).orElseThrow();

    nodes.cluster().delete(Kind.NODE, lost);
    try {
      JsonNode next = awaitPod(backend, run, name(pod));

      assertThat(Json.text(next, "spec", "nodeName")).isNotEqualTo(lost);
      assertThat(job("lost-node").path("status").path("failed").asInt()).isZero();
    } finally {
      nodes.cluster().create(Kind.NODE, afresh(node));
    }
  }

  private static ObjectNode afresh(JsonNode node) {
    ObjectNode fresh = Json.object().put("apiVersion", "v1").put("kind", "Node");
    ObjectNode metadata = fresh.putObject("metadata").put("name", name(node));
    metadata.set("labels", node.path("metadata").path("labels"));
    metadata.putObject("annotations").put("kwok.x-k8s.io/node", "fake");
    fresh
        .putObject("spec")
        .putArray("taints")
        .addObject()
        .put("key", "nvidia.com/gpu")
        .put("value", "present")
        .put("effect", "NoSchedule");
    ObjectNode status = fresh.putObject("status");
    status.set("allocatable", node.path("status").path("allocatable"));
    status.set("capacity", node.path("status").path("capacity"));
    return fresh;
  }

  @Test
  void aJobOfHigherPriorityGoesFirstAndTheOtherGoesOnLater() throws Exception {
    KubernetesTraining low = backend(QUEUE, Optional.of("tuneplane-low"));
    KubernetesTraining high = backend(QUEUE, Optional.of("tuneplane-high"));
    RunHandle first = submit(low, "low", on(place.spec(50), QUOTA, 1));
    JsonNode pod = awaitPod(low, first, "");

    RunHandle urgent = submit(high, "urgent", on(place.spec(1), QUOTA, 1));
    assertThat(await(high, urgent, RunState::ended)).isInstanceOf(RunState.Succeeded.class);
    awaitPod(low, first, name(pod));

    assertThat(nodes.marks()).containsExactlyInAnyOrder("low", "urgent");
    assertThat(job("low").path("status").path("failed").asInt()).isZero();
  }

  // F11
  @Test
  void theApiServerMayBeAwayForAMinute() throws Exception {
    KubernetesTraining backend = backend(NO_QUEUE, Optional.empty());
    RunHandle run = submit(backend, "patient", on(place.spec(50), 1, 1));
    await(backend, run, RunState.Running.class::isInstance);

    Process away = restart("60");
    try {
      while (away.isAlive()) {
        RunState state = seen(backend, run);
        assertThat(state.ended()).as("%s", state).isFalse();
        Thread.sleep(1000);
      }
    } finally {
      assertThat(away.waitFor()).isZero();
    }

    assertThat(await(backend, run, RunState::ended)).isInstanceOf(RunState.Succeeded.class);
    assertThat(nodes.marks()).containsExactly("patient");
  }

  /// What a caller that asks again keeps of a call that failed: nothing.
  private static RunState seen(KubernetesTraining backend, RunHandle run) {
    try {
      return backend.observe(run, Cursor.START).state();
    } catch (BackendException.Unavailable _) {
      return new RunState.Queued();
    }
  }

  private Process restart(String secondsAway) throws IOException {
    Path cluster = requireNonNull(Path.of(System.getenv(RealNodes.KUBECONFIG)).getParent());
    Path script = Path.of("k8s/testbed/restart").toAbsolutePath();
    return new ProcessBuilder(script.toString(), cluster.toString(), "apiserver", secondsAway)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("restart.log").toFile())
        .start();
  }

  // F9
  @Test
  void aWatchOfACompactedPastBeginsAnewWithAList() throws Exception {
    KubernetesTraining backend = backend(NO_QUEUE, Optional.empty());
    RunHandle run = submit(backend, "long-watched", on(place.spec(50), 1, 1));
    await(backend, run, RunState.Running.class::isInstance);

    compact();
    Process restart = restart("0");
    assertThat(restart.waitFor()).as(Files.readString(directory.resolve("restart.log"))).isZero();

    assertThatThrownBy(
            () -> {
              try (Watch watch = nodes.cluster().watch(Kind.JOB, Labels.OURS, "1", 5)) {
                watch.next();
              }
            })
        .isInstanceOfSatisfying(
            ClusterException.class, e -> assertThat(e.isExpired()).as("%s", e).isTrue());
    assertThat(await(backend, run, RunState::ended)).isInstanceOf(RunState.Succeeded.class);
    assertThat(nodes.marks()).containsExactly("long-watched");
  }

  /// Has etcd forget all that was before now.
  private void compact() throws Exception {
    Path cluster = requireNonNull(Path.of(System.getenv(RealNodes.KUBECONFIG)).getParent());
    String port = Files.readString(cluster.resolve("ports")).split(" ", -1)[0];
    JsonNode now = etcd(port, "range", "{\"key\": \"AA==\"}");
    String revision = Json.text(now, "header", "revision");
    etcd(port, "compaction", "{\"revision\": \"%s\", \"physical\": true}".formatted(revision));
  }

  private static JsonNode etcd(String port, String what, String body) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/kv/" + what))
              .timeout(Duration.ofSeconds(30))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return Json.MAPPER.readTree(answer.body());
    }
  }

  // F17
  @Test
  void aControlPlaneThatDiedIsFollowedByOneThatTakesItsRunsOver() throws Exception {
    KubernetesTraining first = backend(NO_QUEUE, Optional.empty());
    RunHandle run = submit(first, "orphan", on(place.spec(1), 1, 1));
    first.close();

    KubernetesTraining second = backend(NO_QUEUE, Optional.empty());

    assertThat(await(second, run, RunState::ended)).isInstanceOf(RunState.Succeeded.class);
    assertThat(nodes.marks()).containsExactly("orphan");
  }

  // F18
  @Test
  void twoControlPlanesMakeOneJob() throws Exception {
    KubernetesTraining one = backend(NO_QUEUE, Optional.empty());
    KubernetesTraining other = backend(NO_QUEUE, Optional.empty());
    TrainingSpec spec = on(place.spec(1), 1, 1);
    RunHandle run = submit(one, "shared", spec);
    submit(other, "shared", spec);

    Thread competitor = Thread.ofVirtual().start(() -> other.observe(run, Cursor.START));
    await(one, run, RunState::ended);
    competitor.join();

    assertThat(other.observe(run, Cursor.START).state()).isInstanceOf(RunState.Succeeded.class);
    assertThat(nodes.cluster().list(Kind.JOB, Labels.OURS).items()).hasSizeLessThanOrEqualTo(1);
  }
}
