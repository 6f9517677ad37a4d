package io.tuneplane.backend.local;

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
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over real server processes that say scripted words, and what is this backend's own.
class LocalServingIT extends ServingBackendContract {

  @TempDir private Path directory;

  private LocalPlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = LocalPlace.create(directory);
  }

  @Override
  protected ServingBackend open() {
    return new LocalPlace(directory).serving();
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
        "ft:tiny:default::" + adapter,
        "tiny",
        Optional.of(place.adapter(adapter)),
        Optional.empty());
  }

  @Override
  protected Optional<DeploymentSpec> refusedSpec() throws IOException {
    TrainedModel ours = place.adapter("of-another-base");
    TrainedModel theirs =
        new TrainedModel(
            ours.remoteName(), ours.adapter(), ours.golden(), Optional.of("e".repeat(64)));
    return Optional.of(new DeploymentSpec("ft:x", "tiny", Optional.of(theirs), Optional.empty()));
  }

  @Override
  protected Clearance clearance(DeploymentHandle deployment) {
    return TestClearances.onHardware(LocalTraining.NAME);
  }

  @Override
  protected Clearance clearanceForAnotherPlace(DeploymentHandle deployment) {
    return TestClearances.onHardware("elsewhere");
  }

  @Override
  protected void letTimePass() throws InterruptedException {
    Thread.sleep(20);
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.Exhausted.class, _ -> fault(429),
        BackendException.Unavailable.class, _ -> fault(503),
        BackendException.Unauthorized.class, _ -> fault(401),
        BackendException.Rejected.class, _ -> fault(400),
        BackendException.Misunderstood.class, this::spoil);
  }

  private void fault(int status) throws IOException {
    Path servers = Files.createDirectories(place.settings().directory().resolve("servers"));
    Files.writeString(servers.resolve("fault"), Integer.toString(status));
  }

  private void spoil(DeploymentHandle deployment) throws IOException {
    Path file = place.settings().directory().resolve("deployments");
    Files.writeString(file.resolve(deployment.remoteId() + ".json"), "{");
  }

  @Test
  void aServerThatDiedIsReplacedAndItsAdapterPutBack() throws Exception {
    try (LocalServing serving = place.serving()) {
      DeploymentHandle deployment = serving.deploy(spec());
      String before = say(serving, deployment);
      ProcessHandle server = servers().findFirst().orElseThrow();
      server.destroyForcibly();
      server.onExit().get();
      DeploymentState dead = serving.observe(deployment);

      String after = say(serving, deployment);

      assertThat(dead).isEqualTo(new DeploymentState.Ready(0, 1));
      assertThat(after).isEqualTo(before);
      assertThat(serving.observe(deployment)).isEqualTo(new DeploymentState.Ready(1, 1));
    }
  }

  @Test
  void oneServerServesAllAdaptersOfABaseAndEndsWithTheBackend() throws Exception {
    try (LocalServing serving = place.serving()) {
      say(serving, serving.deploy(spec("a")));
      say(serving, serving.deploy(spec("b")));

      assertThat(servers()).hasSize(1);
    }
    assertThat(servers()).isEmpty();
  }

  @Test
  void theTokenIsNeitherOnTheCommandLineNorLeftOnTheDisk() throws Exception {
    try (LocalServing serving = place.serving()) {
      say(serving, serving.deploy(spec()));

      List<String> arguments =
          List.of(servers().findFirst().orElseThrow().info().arguments().orElseThrow());
      String tokenFile = arguments.get(arguments.indexOf("--token-file") + 1);
      assertThat(arguments).noneMatch(a -> a.matches("[0-9a-f]{64}"));
      assertThat(Path.of(tokenFile)).doesNotExist();
    }
  }

  @Test
  void theGateMeasuresAndIsRecorded() throws Exception {
    try (LocalServing serving = place.serving()) {
      GateResult result = serving.gate(spec());

      assertThat(result)
          .isEqualTo(new GateResult.Measured("fp32", 0.01, 0.02, 2, Optional.of(true)));
      assertThat(result.passed()).isTrue();
      assertThat(place.settings().directory().resolve("gates"))
          .isDirectoryContaining("glob:**.json");
    }
  }

  @Test
  void anAdapterThatWasAlteredIsRejected() throws Exception {
    DeploymentSpec spec = spec("altered");
    Path folder = spec.tuned().orElseThrow().adapter().orElseThrow();
    Files.writeString(
        folder.resolve("tuneplane.json"), "{\"adapter_digest\": \"" + "0".repeat(64) + "\"}");

    try (LocalServing serving = place.serving()) {
      assertThatThrownBy(() -> serving.deploy(spec))
          .isInstanceOf(BackendException.Rejected.class)
          .hasMessageContaining("altered");
    }
  }

  private static String say(LocalServing serving, DeploymentHandle deployment) {
    StringBuilder text = new StringBuilder();
    ChatRequest request = ChatRequest.greedy(List.of(Message.of("user", "when?")), 20);
    serving.chat(deployment, request, TestClearances.onHardware(LocalTraining.NAME), text::append);
    return text.toString();
  }

  private Stream<ProcessHandle> servers() {
    return ProcessHandle.current()
        .children()
        .filter(p ->
            p.info()
                .arguments()
                .map(List::of)
                .filter(a -> a.contains("serve"))
                .filter(a -> a.stream().anyMatch(s -> s.startsWith(directory.toString())))
                .isPresent());
  }
}
