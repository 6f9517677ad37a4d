package io.tuneplane.backend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.ServingBackendContract;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.dataset.Message;
import io.tuneplane.model.BaseModel;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The contract over servers that say scripted words, and what is this backend's own.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KubernetesServingTest extends ServingBackendContract {

  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/tuning/deployments";

  @TempDir private Path directory;

  private @Nullable ClusterPlace made;
  private @Nullable FakeVllm pods;

  private ClusterPlace place() throws IOException {
    ClusterPlace now = made;
    if (now == null) {
      now = new ClusterPlace(directory);
      made = now;
      pods = new FakeVllm(now.cluster);
    }
    return now;
  }

  private FakeVllm pods() {
    FakeVllm now = pods;
    assertThat(now).isNotNull();
    return java.util.Objects.requireNonNull(now);
  }

  @AfterEach
  void closePlace() throws IOException {
    pods().close();
    place().close();
  }

  @Override
  protected ServingBackend open() throws IOException {
    return serving();
  }

  private KubernetesServing serving() throws IOException {
    return new KubernetesServing(
        place().settings(), directory.resolve("k"), place().bases(), InstantSource.system());
  }

  @Override
  protected DeploymentSpec spec() throws IOException {
    return spec("a");
  }

  @Override
  protected DeploymentSpec anotherSpec() throws IOException {
    return spec("b");
  }

  private DeploymentSpec spec(String adapter) throws IOException {
    return new DeploymentSpec(
        "ft:tiny:default::" + adapter, "tiny", Optional.of(adapter(adapter, 8)), Optional.empty());
  }

  private TrainedModel adapter(String name, int rank) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    Files.writeString(folder.resolve("adapter_model.safetensors"), "weights of " + name);
    Files.writeString(folder.resolve("adapter_config.json"), "{\"r\": " + rank + "}");
    Path golden = directory.resolve(name + "-golden.jsonl");
    Files.writeString(
        golden, "{\"prompt_tokens\": [1], \"tokens\": [2, 4], \"logprobs\": [-1.01, -1.99]}\n");
    try (BaseModel base = place().bases().open("tiny")) {
      return new TrainedModel(
          name, Optional.of(folder), Optional.of(golden), Optional.of(base.digest()));
    }
  }

  @Override
  protected Optional<DeploymentSpec> refusedSpec() throws IOException {
    TrainedModel wide = adapter("wide", 128);
    return Optional.of(new DeploymentSpec("ft:x", "tiny", Optional.of(wide), Optional.empty()));
  }

  @Override
  protected Clearance clearance(DeploymentHandle deployment) {
    return TestClearances.onHardware(KubernetesTraining.NAME);
  }

  @Override
  protected Clearance clearanceForAnotherPlace(DeploymentHandle deployment) {
    return TestClearances.onHardware("elsewhere");
  }

  @Override
  protected void letTimePass() throws Exception {
    pods().tick();
    Thread.sleep(10);
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.Exhausted.class, _ -> pods().fault(429),
        BackendException.Unavailable.class, _ -> pods().fault(503),
        BackendException.Rejected.class, _ -> pods().fault(400),
        BackendException.Misunderstood.class,
            deployment ->
                Files.writeString(
                    directory
                        .resolve("k")
                        .resolve("deployments")
                        .resolve(deployment.remoteId() + ".json"),
                    "{"));
  }

  private static String say(KubernetesServing serving, DeploymentHandle deployment) {
    StringBuilder text = new StringBuilder();
    serving.chat(
        deployment,
        ChatRequest.greedy(List.of(Message.of("user", "hello")), 4),
        TestClearances.onHardware(KubernetesTraining.NAME),
        text::append);
    return text.toString();
  }

  @Test
  void adaptersOfOneBaseShareItsReplicas() throws Exception {
    try (KubernetesServing serving = serving()) {
      for (int i = 0; i < 8; i++) {
        DeploymentHandle deployment = serving.deploy(spec("shared-" + i));
        pods().tick();
        assertThat(serving.observe(deployment)).isEqualTo(new DeploymentState.Ready(2, 2));
      }
    }

    assertThat(place().cluster.list(DEPLOYMENTS)).hasSize(1);
    assertThat(pods().adapters().values()).hasSize(2).allSatisfy(a -> assertThat(a).hasSize(8));
  }

  // F26
  @Test
  void aPodThatForgotItsAdapterGetsItBackBeforeItIsAsked() throws Exception {
    try (KubernetesServing serving = serving()) {
      DeploymentHandle deployment = serving.deploy(spec("a"));
      pods().tick();
      serving.observe(deployment);
      for (String pod : pods().adapters().keySet()) {
        pods().restart(pod);
      }

      assertThat(say(serving, deployment)).isEqualTo("one two three four ");
      assertThat(say(serving, deployment)).isEqualTo("one two three four ");

      assertThat(pods().asked()).hasSize(2);
      assertThat(pods().adapters().values()).allSatisfy(a -> assertThat(a).hasSize(1));
    }
  }

  @Test
  void beyondWhatAServerHoldsTheLeastUsedGoes() throws Exception {
    try (KubernetesServing serving = serving()) {
      DeploymentHandle first = serving.deploy(spec("lru-0"));
      pods().tick();
      serving.observe(first);
      for (int i = 1; i < 8; i++) {
        serving.observe(serving.deploy(spec("lru-" + i)));
      }
      say(serving, first);

      DeploymentHandle ninth = serving.deploy(spec("lru-9"));
      assertThat(serving.observe(ninth)).isEqualTo(new DeploymentState.Ready(2, 2));

      assertThat(pods().adapters().values()).allSatisfy(a -> assertThat(a).hasSize(8));
      assertThat(say(serving, first)).isNotEmpty();
    }
  }

  @Test
  void theLastModelTakesItsServerWithIt() throws Exception {
    try (KubernetesServing serving = serving()) {
      DeploymentHandle one = serving.deploy(spec("a"));
      DeploymentHandle two = serving.deploy(spec("b"));
      pods().tick();

      serving.undeploy(one);
      assertThat(place().cluster.list(DEPLOYMENTS)).hasSize(1);
      serving.undeploy(two);

      assertThat(place().cluster.list(DEPLOYMENTS)).isEmpty();
      assertThat(place().cluster.list("/api/v1/namespaces/tuning/secrets")).isEmpty();
    }
  }

  @Test
  void theGateMeasuresWhatTheServerAnswers() throws Exception {
    try (KubernetesServing serving = serving()) {
      DeploymentSpec spec = spec("a");
      assertThatThrownBy(() -> serving.gate(spec))
          .isInstanceOf(BackendException.Unavailable.class)
          .hasMessageContaining("0/2 replicas ready");
      pods().tick();

      GateResult.Measured result = (GateResult.Measured) serving.gate(spec);

      assertThat(result.passed()).isTrue();
      assertThat(result.tokens()).isEqualTo(2);
      assertThat(result.meanDifference()).isBetween(0.0099, 0.0101);
    }
  }

  @Test
  void theServersObjectsReachIntoNoNode() throws Exception {
    try (KubernetesServing serving = serving()) {
      serving.deploy(spec("a"));
    }

    var pod = place().cluster.list(DEPLOYMENTS).getFirst().path("spec").path("template");
    assertThat(pod.findValues("hostPath")).isEmpty();
    assertThat(pod.findValuesAsText("readOnlyRootFilesystem")).containsOnly("true");
    assertThat(pod.path("spec").path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.findValues("readinessProbe").getFirst().path("httpGet").path("path").asText())
        .isEqualTo("/readyz");
  }

  @Test
  void aServerHoldsWhatIsNeededAndWhatWasUsedLast() {
    Map<String, Long> used = Map.of("a", 3L, "b", 1L, "c", 2L);

    assertThat(WantedAdapters.of("d", List.of("a", "b", "c", "d"), used, 3))
        .containsExactly("d", "a", "c");
    assertThat(WantedAdapters.of("b", List.of("a", "b", "c"), used, 8))
        .containsExactly("b", "a", "c");
  }

  @Test
  void noOtherCertificateIsTaken() throws Exception {
    try (KubernetesServing serving = serving()) {
      DeploymentHandle deployment = serving.deploy(spec("a"));
      pods().tick();
      var secrets = "/api/v1/namespaces/tuning/secrets";
      var secret = place().cluster.list(secrets).getFirst();
      var other =
          ServerSecrets.make("other", java.time.Instant.now(), new java.security.SecureRandom());
      ((com.fasterxml.jackson.databind.node.ObjectNode) secret.path("data"))
          .set("tls.crt", other.data().path("tls.crt"));
      place().cluster.put(secrets, secret);

      assertThatThrownBy(() -> say(serving, deployment))
          .isInstanceOf(BackendException.Unavailable.class);
    }
  }

  @Test
  void whatIsNoNameOfAModelIsNotServed() throws Exception {
    try (KubernetesServing serving = serving()) {
      DeploymentSpec path =
          new DeploymentSpec("x", "../../etc", Optional.empty(), Optional.empty());

      assertThatThrownBy(() -> serving.deploy(path)).isInstanceOf(BackendException.Rejected.class);
    }
    assertThat(place().cluster.list(DEPLOYMENTS)).isEmpty();
  }
}
