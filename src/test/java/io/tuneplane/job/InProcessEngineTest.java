package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.FailureReason;
import io.tuneplane.backend.FakeBackend;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.FakeScript;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.TestClearances;
import io.tuneplane.store.FileJobOwners;
import io.tuneplane.store.FileJobs;
import io.tuneplane.store.FileTunedModels;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class InProcessEngineTest {

  @TempDir Path dir;

  private final FakePlace place = new FakePlace(Instant.parse("2026-11-24T10:00:00Z"));
  private InProcessEngine engine;

  @BeforeEach
  void start() {
    engine = engine(new FixedPlan());
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void aJobEndsWithATunedModelThatPassedItsGate() throws InterruptedException {
    Job job = ended(engine.start(request()));

    assertThat(job.state().status()).isEqualTo(JobStatus.SUCCEEDED);
    String name = job.result().orElseThrow().tunedModel();
    assertThat(name).matches("ft:tiny:default:support:[0-9A-Za-z]{8}");
    TunedModel model =
        new FileTunedModels(dir.resolve("models")).find("default", name).orElseThrow();
    assertThat(model.jobId()).isEqualTo(job.id());
    assertThat(model.flags()).containsExactly("hipaa");
  }

  @Test
  void eventsComeInOrderWithoutGapsAndEndWithTheResult() throws InterruptedException {
    place.pageSize(2);
    List<JobEvent> seen = new ArrayList<>();
    Job job = engine.start(request());
    engine.follow(job.id(), seen::add);

    assertThat(seen)
        .extracting(JobEvent::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, seen.size()).boxed().toList());
    assertThat(seen.getFirst().message()).startsWith("Created fine-tuning job");
    assertThat(seen.getLast().message()).startsWith("The job has been completed");
    assertThat(seen.stream().filter(e -> e.type() == JobEvent.Type.METRICS))
        .hasSize(6)
        .allSatisfy(e -> assertThat(e.data()).containsKeys("step", "total_steps", "train_loss"));
  }

  @Test
  void aFailedRunFailsTheJobInThePlacesWords() throws InterruptedException {
    place.nextRun(
        FakeScript.SUCCEEDS.failing(new FailureReason("out_of_memory", "needs 9 GB", false)));

    Job job = ended(engine.start(request()));

    assertThat(job.state().status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.state().error())
        .contains(new JobError("out_of_memory", "needs 9 GB", Optional.empty()));
  }

  @Test
  void aModelThatDoesNotAnswerAsItDidInTrainingIsNotLetOut() throws InterruptedException {
    place.gate(new GateResult.Measured("int8", 0.5, 0.1, 100, Optional.empty()));

    Job job = ended(engine.start(request()));

    assertThat(job.state().error().orElseThrow().code()).isEqualTo("gate_failed");
    assertThat(new FileTunedModels(dir.resolve("models")).list("default")).isEmpty();
  }

  @Test
  void anOutageLeavesTheJobWhereItIsAndIsTold() throws InterruptedException {
    place.failNext("submit", new BackendException.Unavailable("fake", "submit", "502"));
    place.failNext("observe", new BackendException.Unavailable("fake", "observe", "reset"));

    Job job = ended(engine.start(request()));

    assertThat(job.state().status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(engine.events(job.id(), 0))
        .extracting(JobEvent::message)
        .anyMatch(m -> m.contains("502"))
        .anyMatch(m -> m.contains("reset"));
  }

  @Test
  void anAnswerThatIsLostStartsNoSecondRun() throws InterruptedException {
    place.loseNextAnswer("submit");

    ended(engine.start(request()));

    assertThat(place.runs()).isEqualTo(1);
  }

  @Test
  void aJobWhosePlanFailsNeverReachesThePlace() throws InterruptedException {
    engine.close();
    engine =
        engine(
            new FixedPlan() {
              @Override
              public Planned plan(Job job) {
                throw new JobFailedException(
                    new JobError("invalid_training_file", "2 errors", Optional.empty()));
              }
            });

    Job job = ended(engine.start(request()));

    assertThat(job.state().error().orElseThrow().code()).isEqualTo("invalid_training_file");
    assertThat(place.runs()).isZero();
  }

  @Test
  void aCancelledJobEnds() throws InterruptedException {
    place.nextRun(FakeScript.ENDLESS);
    Job job = engine.start(request());
    engine.cancel(job.id());

    assertThat(ended(job).state().status()).isEqualTo(JobStatus.CANCELLED);
    engine.cancel(job.id());
    assertThat(engine.find(job.id()).orElseThrow().state().status()).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void aJobThatIsWorkedOnCanNotBeTakenBySomebodyElse() {
    place.nextRun(FakeScript.ENDLESS);
    Job job = engine.start(request());

    assertThat(new FileJobOwners(dir.resolve("jobs")).tryOwn(job.id())).isEmpty();
  }

  private Job ended(Job job) throws InterruptedException {
    engine.follow(job.id(), _ -> {});
    return engine.find(job.id()).orElseThrow();
  }

  private InProcessEngine engine(JobPlanner planner) {
    FakeBackend backend = FakeBackend.of("fake", Location.ON_PREM, place);
    return new InProcessEngine(
        "default",
        new FileJobs(dir.resolve("jobs")),
        new FileJobOwners(dir.resolve("jobs")),
        new JobWorker.Surroundings(
            planner,
            new Places(List.of(backend), List.of(backend)),
            new FileTunedModels(dir.resolve("models")),
            new Random(1),
            place,
            place::advance));
  }

  private static JobRequest request() {
    return new JobRequest(
        new JobRequest.ModelRequest(
            Optional.of("tiny"),
            Optional.empty(),
            Method.SUPERVISED,
            HyperparameterChoices.AUTO,
            Optional.empty(),
            Optional.of("support")),
        "train.jsonl",
        Optional.empty(),
        JobRequest.Placement.ANYWHERE,
        Map.of());
  }

  private static class FixedPlan implements JobPlanner {

    @Override
    public boolean knows(String organisation, String model) {
      return true;
    }

    @Override
    public Planned plan(Job job) {
      return new Planned(
          new JobPlan(
              "decision-1",
              "fake",
              "tiny",
              Optional.empty(),
              TestSpecs.hyperparameters(1),
              7,
              Set.of("hipaa"),
              true,
              new JobPlan.CheckedData(Path.of("train.jsonl"), "ab", 10, 100, Optional.empty(), 0),
              new JobCost(100, Optional.empty(), Optional.empty()),
              JobPlan.Billing.HOURS),
          List.of("Chose fake"));
    }

    @Override
    public Clearance clearance(Job job, JobPlan plan) {
      return TestClearances.onHardware("fake");
    }
  }
}
