package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingBackendContract;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over the real runner, which really trains a tiny model.
class RealRunnerIT extends TrainingBackendContract {

  @TempDir private Path directory;

  private LocalPlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = LocalPlace.create(directory);
  }

  @Override
  protected TrainingBackend open() {
    return new LocalPlace(directory).real();
  }

  @Override
  protected TrainingSpec spec() {
    return place.spec(2);
  }

  @Override
  protected TrainingSpec longSpec() throws IOException {
    Files.writeString(place.data(), LocalPlace.examples(2000));
    return place.spec(50);
  }

  @Override
  protected TrainingSpec refusedSpec() {
    return place.spec(51);
  }

  @Override
  protected Clearance clearance(TrainingSpec spec) {
    return TestClearances.onHardware(LocalTraining.NAME);
  }

  @Override
  protected Clearance clearanceForAnotherPlace(TrainingSpec spec) {
    return TestClearances.onHardware("elsewhere");
  }

  @Override
  protected int runsStarted() throws IOException {
    return place.runs();
  }

  @Override
  protected void letTimePass() throws InterruptedException {
    Thread.sleep(50);
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of();
  }

  @Test
  void aRunThatIsKilledMidwayEndsWithTheWeightsOfAnUnbrokenOne() throws Exception {
    Files.writeString(place.data(), LocalPlace.examples(200));
    LocalTraining backend = place.real();
    byte[] unbroken = adapter(backend, "unbroken", false);

    byte[] broken = adapter(backend, "broken", true);

    assertThat(broken).isEqualTo(unbroken);
  }

  @Test
  void aRunGoesOnFromATunedModel() throws Exception {
    Files.writeString(place.data(), LocalPlace.examples(40));
    LocalTraining backend = place.real();
    TrainedModel first = trained(backend, "first", place.spec(4));
    TrainingSpec usual = place.spec(4);
    TrainingSpec further =
        new TrainingSpec(
            usual.baseModel(),
            usual.method(),
            usual.trainingFile(),
            usual.trainingDigest(),
            usual.validationFile(),
            usual.hyperparameters(),
            usual.seed(),
            usual.suffix(),
            Optional.of(first),
            java.util.Set.of(),
            java.util.Map.of());

    trained(backend, "second", further);

    assertThat(firstLoss("second")).isLessThan(firstLoss("first"));
  }

  private TrainedModel trained(LocalTraining backend, String mark, TrainingSpec spec)
      throws Exception {
    RunHandle run = backend.submit(spec, new SubmissionKey(mark), clearance(spec));
    return switch (new Watch(backend, run).untilEnd()) {
      case RunState.Succeeded succeeded -> succeeded.model();
      case RunState other -> throw new AssertionError(mark + " ended as " + other);
    };
  }

  private double firstLoss(String mark) throws IOException {
    String line =
        Files.readAllLines(place.run(mark).path().resolve("events.jsonl")).stream()
            .filter(l -> l.contains("\"train_loss\""))
            .findFirst()
            .orElseThrow();
    return LocalJson.MAPPER.readTree(line).path("train_loss").asDouble();
  }

  @Test
  void anAlteredAdapterIsNotGoneOnFrom() throws Exception {
    Files.writeString(place.data(), LocalPlace.examples(8));
    LocalTraining backend = place.real();
    TrainedModel first = trained(backend, "first", place.spec(1));
    Path weights = first.adapter().orElseThrow().resolve("adapter_model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    TrainingSpec usual = place.spec(1);
    TrainingSpec further =
        new TrainingSpec(
            usual.baseModel(),
            usual.method(),
            usual.trainingFile(),
            usual.trainingDigest(),
            usual.validationFile(),
            usual.hyperparameters(),
            usual.seed(),
            usual.suffix(),
            Optional.of(first),
            java.util.Set.of(),
            java.util.Map.of());

    assertThat(backend.check(further))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("has been altered"));
  }

  private byte[] adapter(LocalTraining backend, String mark, boolean kill) throws Exception {
    TrainingSpec spec = place.spec(4);
    RunHandle run = backend.submit(spec, new SubmissionKey(mark), clearance(spec));
    Watch watch = new Watch(backend, run);
    if (kill) {
      watch.until(w -> w.steps().size() > 60);
      runner().destroyForcibly();
    }

    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertThat(watch.steps()).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
    assertThat(watch.texts().stream().anyMatch(t -> t.startsWith("the runner was killed")))
        .isEqualTo(kill);
    return Files.readAllBytes(place.run(mark).adapter().resolve("adapter_model.safetensors"));
  }

  private static ProcessHandle runner() {
    return ProcessHandle.current()
        .children()
        .filter(
            p -> p.info().arguments().map(List::of).filter(a -> a.contains("train")).isPresent())
        .findFirst()
        .orElseThrow();
  }
}
