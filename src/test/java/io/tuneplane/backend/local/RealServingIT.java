package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.ServingBackendContract;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over the real server, with an adapter that the real trainer made.
class RealServingIT extends ServingBackendContract {

  @TempDir private static Path directory;

  private static LocalPlace place;
  private static TrainedModel trained;
  private static List<TrainingEvent.Checkpoint> checkpoints;

  @BeforeAll
  static void train() throws Exception {
    place = LocalPlace.create(directory);
    Files.writeString(place.data(), LocalPlace.examples(100));
    LocalTraining backend = place.real();
    RunHandle run =
        backend.submit(
            place.spec(hardTraining()),
            new SubmissionKey("for-serving"),
            TestClearances.onHardware(LocalTraining.NAME));
    Watch watch = new Watch(backend, run);
    RunState end = watch.untilEnd();
    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    trained = ((RunState.Succeeded) end).model();
    checkpoints = watch.checkpoints();
  }

  // Hard enough for a random model to learn to answer in letters.
  private static Hyperparameters hardTraining() {
    Lora lora = new Lora(16, 32, 0, Lora.ALL_LINEAR, false);
    return new Hyperparameters(20, 4, 1e-2, 1, 0.1, Optional.of(lora), Optional.empty());
  }

  @Override
  protected ServingBackend open() {
    return place.realServing();
  }

  @Override
  protected DeploymentSpec spec() {
    return new DeploymentSpec("ft:tiny:default::1", "tiny", Optional.of(trained), Optional.empty());
  }

  @Override
  protected DeploymentSpec anotherSpec() {
    return new DeploymentSpec("tiny", "tiny", Optional.empty(), Optional.empty());
  }

  @Override
  protected Optional<DeploymentSpec> refusedSpec() {
    return Optional.of(
        new DeploymentSpec("tiny", "tiny", Optional.of(trained), Optional.of("int2")));
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
    return Map.of();
  }

  @Test
  void whatWasTrainedPassesTheGate() throws Exception {
    try (LocalServing serving = place.realServing()) {
      GateResult gate = serving.gate(spec());

      assertThat(gate.passed()).as(gate.summary()).isTrue();
      assertThat(gate)
          .isInstanceOfSatisfying(
              GateResult.Measured.class,
              m -> {
                assertThat(m.quantization()).isEqualTo("fp32");
                assertThat(m.tokens()).isPositive();
                assertThat(m.meanDifference()).isLessThan(0.001);
                assertThat(m.tokenEqual()).contains(true);
              });
    }
  }

  @Test
  void theLastThreeEpochsCanBeServed() throws Exception {
    assertThat(checkpoints).hasSize(hardTraining().epochs());
    try (LocalServing serving = place.realServing()) {
      List<TrainingEvent.Checkpoint> last = checkpoints.subList(17, 20);
      for (TrainingEvent.Checkpoint checkpoint : last) {
        StringBuilder answer = new StringBuilder();
        DeploymentHandle deployment = serving.deploy(spec(checkpoint));
        serving.chat(deployment, request(12), clearance(deployment), answer::append);
        assertThat(answer).as("step " + checkpoint.step()).isNotEmpty();
      }
      // What the last epoch left is the tuned model itself.
      assertThat(weights(Path.of(last.getLast().reference())))
          .isEqualTo(weights(trained.adapter().orElseThrow()));

      assertThatThrownBy(() -> serving.deploy(spec(checkpoints.get(16))))
          .isInstanceOf(BackendException.Rejected.class)
          .hasMessageContaining("no adapter on this machine's disk");
    }
  }

  private static DeploymentSpec spec(TrainingEvent.Checkpoint checkpoint) {
    TrainedModel adapter =
        new TrainedModel(
            "step-" + checkpoint.step(),
            Optional.of(Path.of(checkpoint.reference())),
            Optional.empty(),
            trained.baseDigest());
    String name = "ft:tiny:default::1:ckpt-step-" + checkpoint.step();
    return new DeploymentSpec(name, "tiny", Optional.of(adapter), Optional.empty());
  }

  private static byte[] weights(Path adapter) throws Exception {
    return Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
  }

  @Test
  void goldenAnswersOfAnotherModelDoNotPass() throws Exception {
    Path golden = directory.resolve("golden-shifted.jsonl");
    List<String> shifted =
        Files.readAllLines(trained.golden().orElseThrow()).stream()
            .map(l -> l.replaceFirst("\"logprobs\":\\[-?[0-9.E-]+", "\"logprobs\":[-60.0"))
            .toList();
    Files.write(golden, shifted);
    TrainedModel other =
        new TrainedModel(
            trained.remoteName(), trained.adapter(), Optional.of(golden), trained.baseDigest());

    try (LocalServing serving = place.realServing()) {
      GateResult gate =
          serving.gate(new DeploymentSpec("x", "tiny", Optional.of(other), Optional.empty()));

      assertThat(gate.passed()).as(gate.summary()).isFalse();
    }
  }
}
