package io.tuneplane.backend.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.HardwareWish;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RemoteRunners;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a run when something goes wrong in the cluster, told in words.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RunsTest {

  private static final String MARK = "job-1";
  private static final String WORKLOADS =
      "/apis/kueue.x-k8s.io/v1beta1/namespaces/tuning/workloads";

  @TempDir private Path directory;

  private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(later.get());
  private ClusterPlace place;
  private KubernetesTraining backend;
  private RunHandle run = new RunHandle(KubernetesTraining.NAME, MARK);

  @BeforeEach
  void makePlace() throws IOException {
    place = new ClusterPlace(directory);
    backend = place.training(place.settings(), clock);
  }

  @AfterEach
  void closePlace() {
    backend.close();
    place.close();
  }

  private void submit(TrainingSpec spec) {
    run =
        backend.submit(
            spec, new SubmissionKey(MARK), TestClearances.onHardware(KubernetesTraining.NAME));
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

  private RunState await(Predicate<RunState> wanted) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    RunState state = look().state();
    while (!wanted.test(state)) {
      assertThat(System.nanoTime()).as("still %s: %s", state, words()).isLessThan(deadline);
      place.nodes.tick();
      Thread.sleep(20);
      state = look().state();
    }
    return state;
  }

  private Progress look() {
    return backend.observe(run, Cursor.START);
  }

  private String words() {
    return look().events().stream()
        .filter(TrainingEvent.Log.class::isInstance)
        .map(e -> ((TrainingEvent.Log) e).text())
        .collect(Collectors.joining("\n"));
  }

  /// Waits until a look has told of something.
  private void awaitWords(String part) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!words().contains(part)) {
      assertThat(System.nanoTime()).as("no \"%s\" in:%n%s", part, words()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private RunState.Failed failed() throws Exception {
    return (RunState.Failed) await(RunState::ended);
  }

  private void startRunning() throws Exception {
    submit(place.spec(50));
    await(RunState.Running.class::isInstance);
    place.nodes.hold(true);
  }

  @Test
  void thePlanIsTheFirstThingThatIsTold() {
    submit(place.spec(1));

    assertThat(words())
        .startsWith("tiny, LoRA: 1 x h100-80gb-hbm3 in one pod\n")
        .contains("weights")
        .contains("on each GPU")
        .contains("may be filled");
  }

  @Test
  void aJobHasItsSecretAndItsPolicy() {
    submit(place.spec(1));

    ObjectNode secret = place.cluster.list("/api/v1/namespaces/tuning/secrets").getFirst();
    assertThat(secret.path("data").path("token").asText()).isNotEmpty();
    assertThat(secret.path("metadata").path("ownerReferences").path(0).path("uid").asText())
        .isEqualTo(place.nodes.job(MARK).path("metadata").path("uid").asText());
    assertThat(place.cluster.list("/apis/networking.k8s.io/v1/namespaces/tuning/networkpolicies"))
        .hasSize(1);
  }

  // F12
  @Test
  void aPreemptedRunGoesOn() throws Exception {
    startRunning();

    place.nodes.preempt(MARK);
    awaitWords("had to leave its node (PreemptionByScheduler: preempted by a pod of higher");
    place.nodes.hold(false);

    assertThat(await(RunState.Running.class::isInstance)).isInstanceOf(RunState.Running.class);
    assertThat(place.cluster.jobsMade()).isEqualTo(1);
  }

  // F14
  @Test
  void wantOfMemoryHalvesThePassesOnce() throws Exception {
    startRunning();
    long before = requireNonNull(place.run(MARK).job().limits().passTokens());
    int batch = place.run(MARK).job().hyperparameters().batchSize();

    place.nodes.fail(MARK, 137, "OOMKilled");
    awaitWords("ran out of memory (exit code 137, OOMKilled); starts again with half");

    JobFile job = place.run(MARK).job();
    assertThat(job.limits().passTokens()).isEqualTo(before / 2);
    assertThat(job.hyperparameters().batchSize()).isEqualTo(batch);
    place.nodes.hold(false);
    later.set(Duration.ofSeconds(-5));
    await(RunState.Running.class::isInstance);
    place.nodes.hold(true);
    place.nodes.fail(MARK, 21, "Error");
    RunState.Failed end = failed();

    assertThat(end.reason().code()).isEqualTo("out_of_memory");
    assertThat(end.reason().message()).contains("--quantization 4bit");
    assertThat(end.reason().retryable()).isFalse();
    assertThat(place.cluster.list(FakeNodes.JOBS)).isEmpty();
  }

  @Test
  void wrongInputEndsARunWithTheRunnersWords() throws Exception {
    startRunning();
    new FakeNodes.FakeRunner(place.run(MARK).work())
        .tell(
            Json.object()
                .put("seq", 99)
                .put("attempt", 1)
                .put("at", Instant.now().toString())
                .put("type", "message")
                .put("level", "error")
                .put("code", "invalid_chat_template")
                .put("text", "the model has no chat template"));

    place.nodes.fail(MARK, 10, "Error");
    place.nodes.giveUp(MARK, "PodFailurePolicy", "Container trainer failed with exit code 10");

    assertThat(failed().reason().code()).isEqualTo("invalid_chat_template");
    assertThat(failed().reason().message()).isEqualTo("the model has no chat template");
  }

  @Test
  void anImageThatCanNotBePulledIsTold() throws Exception {
    startRunning();
    place.nodes.stick(
        MARK, "ImagePullBackOff", "Back-off pulling image \"registry.example/trl:1\"");

    awaitWords("ImagePullBackOff: Back-off pulling image \"registry.example/trl:1\"");
    assertThat(look().state()).isInstanceOf(RunState.Queued.class);
    later.set(Reconciler.TROUBLE.plusSeconds(1));

    assertThat(failed().reason().code()).isEqualTo("image_pull");
    assertThat(failed().reason().message())
        .startsWith("has not started within 10 minutes: ImagePullBackOff");
  }

  @Test
  void aVolumeThatIsNotBoundIsTold() throws Exception {
    startRunning();
    place.nodes.stick(MARK, "", "");
    place.nodes.warn(
        MARK,
        "FailedScheduling",
        "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims");

    awaitWords("unbound immediate PersistentVolumeClaims");
    later.set(Reconciler.TROUBLE.plusSeconds(1));

    assertThat(failed().reason().code()).isEqualTo("volume");
  }

  @Test
  void aPodThatNeverStartsIsTold() throws Exception {
    startRunning();
    place.nodes.stick(MARK, "ContainerCreating", "");
    place.nodes.warn(MARK, "FailedMount", "secret \"pull\" not found");

    awaitWords("FailedMount: secret \"pull\" not found");
    later.set(Reconciler.START.plusSeconds(1));

    assertThat(failed().reason().code()).isEqualTo("pod_start");
  }

  @Test
  void aDeadlineIsTold() throws Exception {
    startRunning();
    place.nodes.giveUp(MARK, "DeadlineExceeded", "Job was active longer than specified deadline");

    assertThat(failed().reason().code()).isEqualTo("deadline_exceeded");
    assertThat(failed().reason().message()).contains("kubernetes.deadline_hours");
  }

  // F8
  @Test
  void aJobThatSomebodyDeletedIsMadeAgain() throws Exception {
    startRunning();

    place.cluster.remove(FakeNodes.JOBS, RunName.of(MARK).job(1));
    place.nodes.hold(false);
    awaitJob(2);

    assertThat(await(RunState.Running.class::isInstance)).isInstanceOf(RunState.Running.class);
    assertThat(words()).contains("was deleted by somebody else");
    assertThat(place.run(MARK).record().round()).isEqualTo(2);
  }

  private void awaitJob(int round) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (place.run(MARK).record().round() < round) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      place.nodes.tick();
      look();
      Thread.sleep(20);
    }
  }

  // F10
  @Test
  void aJobOfThatNameThatIsNotOursIsLeftAlone() throws Exception {
    ObjectNode theirs = Json.object().put("kind", "Job");
    theirs.putObject("metadata").put("name", RunName.of(MARK).job(1));
    theirs.putObject("spec");
    place.cluster.put(FakeNodes.JOBS, theirs);
    submit(place.spec(1));

    assertThat(failed().reason().code()).isEqualTo("name_taken");
    assertThat(place.cluster.list(FakeNodes.JOBS)).hasSize(1);
  }

  /// A crash between the making of the Job and its noting down.
  @Test
  void aJobThatAnEarlierTryHasMadeIsTakenOver() throws Exception {
    submit(place.spec(1));
    RunFolder folder = place.run(MARK);
    folder.write(RunRecord.submitted(Instant.now(), folder.record().size()));
    place.cluster.remove("/api/v1/namespaces/tuning/secrets", RunName.of(MARK).job(1));

    assertThat(await(RunState::ended)).isInstanceOf(RunState.Succeeded.class);

    assertThat(place.cluster.jobsMade()).isEqualTo(1);
    assertThat(place.cluster.list("/api/v1/namespaces/tuning/secrets")).hasSize(1);
  }

  // F9
  @Test
  void aWatchThatFellBehindIsListedAnew() throws Exception {
    startRunning();
    place.cluster.compact();
    place.nodes.hold(false);
    place.nodes.preempt(MARK);
    place.cluster.compact();

    awaitWords("had to leave its node");
    await(RunState.Running.class::isInstance);

    assertThat(words().split("had to leave its node", -1)).hasSize(2);
  }

  // F11
  @Test
  void anApiServerThatIsAwayFailsNoRun() throws Exception {
    startRunning();
    for (String request : List.of("GET jobs", "GET pods", "GET " + RunName.of(MARK).job(1))) {
      place.cluster.refuse(request, 503);
    }
    place.cluster.compact();
    awaitUnavailable();
    place.nodes.hold(false);
    for (String request : List.of("GET jobs", "GET pods", "GET " + RunName.of(MARK).job(1))) {
      place.cluster.refuse(request, 0);
    }

    assertThat(await(RunState.Running.class::isInstance)).isInstanceOf(RunState.Running.class);
    assertThat(place.cluster.jobsMade()).isEqualTo(1);
  }

  private void awaitUnavailable() throws Exception {
    // A mirror that stands answers until its watch ends; without one the server itself is asked.
    backend.close();
    backend = place.training(place.settings(), clock);
    assertThatThrownBy(this::look).isInstanceOf(BackendException.Unavailable.class);
  }

  @Test
  void aGangStartsWhenAllOfItFits() throws Exception {
    ObjectNode holder = Json.object().put("kind", "Pod");
    holder.putObject("metadata").put("name", "holder");
    holder
        .putObject("spec")
        .put("nodeName", "gpu-1")
        .putArray("containers")
        .addObject()
        .putObject("resources")
        .putObject("requests")
        .put("nvidia.com/gpu", "5");
    holder.putObject("status").put("phase", "Running");
    String elsewhere = "/api/v1/namespaces/elsewhere/pods";
    place.cluster.put(elsewhere, holder);

    submit(on(place.spec(50), 8, 2));
    awaitWords("waits for 2 x 4 h100-80gb-hbm3 at once; 11 of 16 are free");
    assertThat(place.nodes.job(MARK).path("spec").path("suspend").asBoolean()).isTrue();
    place.cluster.remove(elsewhere, "holder");

    await(RunState.Running.class::isInstance);
    assertThat(place.cluster.list("/api/v1/namespaces/tuning/services")).hasSize(1);
    assertThat(place.cluster.list(FakeNodes.PODS)).hasSize(2);
  }

  @Test
  void whatTheApiServerForbidsNamesTheRule() {
    place.cluster.refuse("POST jobs", 403);

    assertThatThrownBy(() -> submit(place.spec(1)))
        .isInstanceOf(BackendException.Unauthorized.class)
        .hasMessageContaining("may not create jobs.batch")
        .hasMessageContaining("{apiGroups: [\"batch\"], resources: [jobs], verbs: [create]}");
    assertThat(place.run(MARK).exists()).isFalse();
  }

  @Test
  void moreThanTheClusterHasIsRefusedBeforeAnythingIsMade() {
    assertThat(backend.check(on(place.spec(1), 64, 8)))
        .singleElement()
        .satisfies(p ->
            assertThat(p.message())
                .isEqualTo(
                    "64 GPUs over 8 nodes can't be laid out evenly here (h100-80gb-hbm3: 2 nodes"
                        + " of 8 GPUs)"));
    assertThat(place.cluster.jobsMade()).isZero();
  }

  @Test
  void aPausedRunLeavesNothingInTheCluster() throws Exception {
    startRunning();
    backend.pause(run);
    assertThat(place.nodes.asked(MARK)).contains(RemoteRunners.Wish.STOP);
    look();
    place.nodes.tick();

    await(RunState.Paused.class::isInstance);

    assertThat(place.cluster.list(FakeNodes.JOBS)).isEmpty();
    assertThat(place.cluster.list("/api/v1/namespaces/tuning/secrets")).isEmpty();
    assertThat(place.cluster.list("/apis/networking.k8s.io/v1/namespaces/tuning/networkpolicies"))
        .isEmpty();
  }

  private void underKueue() {
    backend.close();
    place.cluster.addGroup("kueue.x-k8s.io");
    ObjectNode queue = Json.object().put("kind", "LocalQueue");
    queue.putObject("metadata").put("name", "ft");
    place.cluster.put("/apis/kueue.x-k8s.io/v1beta1/namespaces/tuning/localqueues", queue);
    backend = place.training(place.settings(Optional.of("ft")), clock);
  }

  private void workload(String name, String ownerUid, String created, int priority, String words) {
    ObjectNode workload = Json.object().put("kind", "Workload");
    ObjectNode metadata = workload.putObject("metadata").put("name", name);
    metadata.put("creationTimestamp", created).put("uid", "uid-of-" + name);
    metadata.putArray("ownerReferences").addObject().put("uid", ownerUid);
    workload.putObject("spec").put("queueName", "ft").put("priority", priority);
    workload
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "QuotaReserved")
        .put("status", "False")
        .put("message", words);
    place.cluster.put(WORKLOADS, workload);
  }

  private String uid() {
    return place.nodes.job(MARK).path("metadata").path("uid").asText();
  }

  @Test
  void thePlaceInKueuesQueueIsTold() throws Exception {
    underKueue();
    submit(place.spec(50));
    workload("first", "a", "2026-11-25T00:00:00Z", 0, "");
    workload("urgent", "b", "2026-11-25T02:00:00Z", 9, "");
    workload("own", uid(), "2026-11-25T01:00:00Z", 0, "insufficient unused quota");
    workload("last", "c", "2026-11-25T03:00:00Z", 0, "");

    awaitWords("in Kueue's queue ft, 3 of 4: insufficient unused quota");
    assertThat(look().state()).isEqualTo(new RunState.Queued());
    assertThat(place.nodes.job(MARK).path("metadata").path("labels").path(Labels.QUEUE).asText())
        .isEqualTo("ft");
    ObjectNode admitted = place.nodes.job(MARK);
    ((ObjectNode) admitted.path("spec")).put("suspend", false);
    place.cluster.put(FakeNodes.JOBS, admitted);

    assertThat(await(RunState.Running.class::isInstance)).isInstanceOf(RunState.Running.class);
  }

  @Test
  void whatKueueCanNeverAdmitIsTold() throws Exception {
    underKueue();
    submit(place.spec(50));
    workload(
        "own",
        uid(),
        "2026-11-25T01:00:00Z",
        0,
        "insufficient quota for nvidia.com/gpu, request > maximum capacity (16 > 8)");

    awaitWords("maximum capacity (16 > 8)");
    later.set(Reconciler.TROUBLE.plusSeconds(1));

    assertThat(failed().reason().code()).isEqualTo("not_admitted");
    assertThat(failed().reason().message()).contains("maximum capacity (16 > 8)");
  }
}
