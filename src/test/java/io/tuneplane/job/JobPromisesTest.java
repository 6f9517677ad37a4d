package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.FakeScript;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.RunHandle;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the engine promises when something goes wrong, one fault at a time.
@Timeout(30)
class JobPromisesTest {

  private final SimWorld world = new SimWorld(7, "a", "b");
  private final FakePlace a = world.place("a");
  private SimWorld.ControlPlane process = world.start(Optional.empty());

  private Job create(String backend) {
    return process.engine.create(SimWorld.ASKER, SimWorld.request(backend));
  }

  private Job now(Job job) {
    return process.engine.find("default", job.id()).orElseThrow();
  }

  private Job ended(Job job) {
    world.runAll(process);
    return now(job);
  }

  private List<String> messages(Job job) {
    return world.jobs.events(job.id(), 0, 10_000).stream().map(JobEvent::message).toList();
  }

  @Test
  void aJobEndsWithATunedModelItsCheckpointsAndItsFigures() {
    Job job = ended(create("auto"));

    assertThat(job.state().status()).isEqualTo(JobStatus.SUCCEEDED);
    String name = job.result().orElseThrow().tunedModel();
    assertThat(name).matches("ft:tiny:default:support:[0-9A-Za-z]{8}");
    assertThat(world.models.list("default"))
        .extracting(TunedModel::name)
        .containsExactlyInAnyOrder(name, name + ":ckpt-step-3", name + ":ckpt-step-6");
    assertThat(world.models.find("default", name).orElseThrow().flags()).containsExactly("hipaa");
    String csv =
        new String(
            world.files.bytes(job.result().orElseThrow().resultFiles().getFirst()),
            StandardCharsets.US_ASCII);
    assertThat(csv.lines()).hasSize(7).first().asString().startsWith("step,train_loss");
    assertThat(job.actual().usd()).contains("3.00");
  }

  @Test
  void f1ARunThatWasStartedBeforeTheCrashIsAdopted() {
    Job job = create("a");
    a.hook((operation, after) -> {
      if (operation.equals("submit") && after) {
        throw new SimWorld.Crash("the run is there, its id is not kept");
      }
    });
    assertThatThrownBy(() -> process.timers.runDue(world.now())).isInstanceOf(SimWorld.Crash.class);
    a.hook((_, _) -> {});
    process = world.start(Optional.empty());

    assertThat(ended(job).state().status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(a.created()).containsExactly(job.mark());
    assertThat(messages(job)).anyMatch(m -> m.startsWith("Found its run again"));
  }

  @Test
  void f2ASubmissionOfUnknownOutcomeIsNeverRepeatedBlindly() {
    a.hiddenFor(Duration.ofMinutes(10));
    a.loseNextAnswer("submit");
    Job job = create("a");
    process.timers.runDue(world.now());

    assertThat(now(job).state().phase()).isEqualTo(JobPhase.RECONCILING);
    assertThat(now(job).state().status()).isEqualTo(JobStatus.QUEUED);

    assertThat(ended(job).state().status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(a.created()).containsExactly(job.mark());
  }

  @Test
  void f2ASubmissionThatCameToNothingIsMadeAgainOnceNothingCanBeHidden() {
    a.hiddenFor(Duration.ofMinutes(10));
    a.failNext("submit", new BackendException.OutcomeUnknown("a", "submit", "reset"));
    Job job = ended(create("a"));

    assertThat(job.state().status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(a.created()).containsExactly(job.mark());
    assertThat(job.course().submission().attempt()).isEqualTo(2);
    assertThat(Duration.between(job.createdAt(), job.state().finishedAt().orElseThrow()))
        .isGreaterThan(Duration.ofMinutes(10));
  }

  @Test
  void f4RetryAfterIsHonouredAndOtherPlacesGoOn() {
    a.failNext(
        "submit",
        new BackendException.Exhausted("a", "submit", "429", Optional.of(Duration.ofMinutes(5))));
    Job waiting = create("a");
    Job other = create("b");
    process.timers.runDue(world.now());

    Instant due = world.jobs.wakeAt(waiting.id()).orElseThrow();
    assertThat(Duration.between(world.now(), due))
        .isBetween(Duration.ofMinutes(5), Duration.ofSeconds(331));
    assertThat(now(waiting).state().reason().orElseThrow().code())
        .isEqualTo(JobState.Reason.Code.EXHAUSTED);
    assertThat(now(other).state().phase()).isEqualTo(JobPhase.QUEUED);
    assertThat(ended(waiting).state().status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void f6AClosedPlaceIsFinalThereAndAnAutoJobGoesElsewhere() {
    a.failNext("submit", new BackendException.Closed("a", "submit", "training_not_available: no"));
    Job job = ended(create("auto"));

    assertThat(job.state().status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.plan().orElseThrow().backend()).isEqualTo("b");
    assertThat(a.created()).isEmpty();
    assertThat(messages(job)).anyMatch(m -> m.contains("a is closed: training_not_available: no"));
  }

  @Test
  void f6AJobWithANamedPlaceFailsWithThePlacesWords() {
    a.failNext("submit", new BackendException.Closed("a", "submit", "no new jobs after January"));
    Job job = ended(create("a"));

    assertThat(job.state().error().orElseThrow().code()).isEqualTo("training_not_available");
    assertThat(job.state().error().orElseThrow().message()).contains("no new jobs after January");
  }

  @Test
  void f6AWrongKeyPausesTheJobUntilItIsRight() {
    a.failNext("submit", new BackendException.Unauthorized("a", "submit", "401"));
    Job job = create("a");
    process.timers.runDue(world.now());

    assertThat(now(job).state().phase()).isEqualTo(JobPhase.PAUSED);
    assertThat(now(job).state().status()).isEqualTo(JobStatus.QUEUED);
    assertThat(now(job).state().reason().orElseThrow().code())
        .isEqualTo(JobState.Reason.Code.OPERATOR_NEEDED);
    process.engine.resume("default", job.id());
    assertThat(ended(job).state().status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void f8ARunThatVanishesFailsTheJobAndItsCostIsKept() {
    a.nextRun(FakeScript.ENDLESS);
    Job job = create("a");
    process.timers.runDue(world.now());
    a.forget(new RunHandle("a", job.mark()));

    Job lost = ended(job);
    assertThat(lost.state().error().orElseThrow().code()).isEqualTo("run_lost");
    assertThat(world.jobs.spending().get(job.id()))
        .isEqualTo(
            new Advance.Spending(
                java.time.YearMonth.of(2026, 11), new BigDecimal("3.00"), true, Optional.empty()));
  }

  @Test
  void f8ARunThatIsCancelledOutsideCancelsTheJobAndSaysSo() {
    a.nextRun(FakeScript.ENDLESS);
    Job job = create("a");
    process.timers.runDue(world.now());
    a.cancelOutside(job.mark());

    assertThat(ended(job).state().status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(messages(job)).anyMatch(m -> m.contains("in the place itself, not by us"));
  }

  @Test
  void f17AnEngineThatStartsGoesOnWithWhateverIsDue() {
    Job job = create("a");
    process.timers.lose(job.id());
    process = world.start(Optional.empty());
    process.timers.runDue(world.now());

    assertThat(now(job).state().phase()).isEqualTo(JobPhase.QUEUED);
  }

  @Test
  void f18TheLoserOfARaceWritesNothing() {
    SimWorld.ControlPlane other = world.start(Optional.empty());
    Job job = create("a");
    boolean[] once = {false};
    a.hook((operation, after) -> {
      if (operation.equals("observe") && !after && !once[0]) {
        once[0] = true;
        // The first process stands still inside its call; the other one takes the job over.
        other.timers.sweep();
        other.timers.runDue(world.now());
      }
    });
    Job done = ended(job);

    assertThat(done.state().status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(once[0]).isTrue();
    assertThat(a.created()).containsExactly(job.mark());
    CrashSweepTest.Invariants.check(world);
  }

  @Test
  void aJobThatIsPinnedIsLeftAloneByOtherHosts() {
    SimWorld local = new SimWorld(3, "local");
    SimWorld.ControlPlane here = local.start(Optional.of("here"));
    SimWorld.ControlPlane there = local.start(Optional.of("there"));
    Job job = here.engine.create(SimWorld.ASKER, SimWorld.request("auto"));
    here.timers.runDue(local.now());
    local.advance(Duration.ofMinutes(5));
    there.timers.sweep();
    there.timers.runDue(local.now());

    Job left = here.engine.find("default", job.id()).orElseThrow();
    assertThat(left.course().host()).contains("here");
    assertThat(left.state().phase()).isEqualTo(JobPhase.QUEUED);
    local.runAll(here);
    assertThat(here.engine.find("default", job.id()).orElseThrow().state().status())
        .isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aJobThatIsCancelledBeforeItWasSubmittedEndsAtOnce() {
    Job job = create("a");
    Job cancelled = process.engine.cancel("default", job.id()).orElseThrow();

    assertThat(cancelled.state().status()).isEqualTo(JobStatus.CANCELLED);
    assertThatThrownBy(() -> process.engine.cancel("default", job.id()))
        .isInstanceOf(JobStateException.class)
        .hasMessageContaining("cancelled");
    world.runAll(process);
    assertThat(a.created()).isEmpty();
  }

  @Test
  void aRunningJobIsPausedGoesOnAndIsCancelled() {
    a.nextRun(FakeScript.ENDLESS);
    Job job = create("a");
    process.timers.runDue(world.now());
    turn(3);
    process.engine.pause("default", job.id());
    turn(3);
    assertThat(now(job).state().phase()).isEqualTo(JobPhase.PAUSED);
    long step = now(job).run().orElseThrow().step();

    process.engine.resume("default", job.id());
    turn(6);
    assertThat(now(job).run().orElseThrow().step()).isGreaterThan(step);
    process.engine.cancel("default", job.id());

    assertThat(ended(job).state().status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(a.isGoing(job.mark())).isFalse();
  }

  private void turn(int times) {
    for (int i = 0; i < times; i++) {
      world.advanceToNext();
      process.timers.runDue(world.now());
    }
  }

  @Test
  void aRunThatDoesNotGetOnIsStoppedAndFails() {
    a.nextRun(
        new FakeScript(
            Duration.ofDays(400), Duration.ofSeconds(1), 6, 3, Optional.empty(), Optional.empty()));
    Job job = ended(create("a"));

    assertThat(job.state().error().orElseThrow().code()).isEqualTo("stalled");
    assertThat(a.isGoing(job.mark())).isFalse();
  }

  @Test
  void anOutageOfDaysFailsNoRun() {
    a.nextRun(
        new FakeScript(
            Duration.ofSeconds(1),
            Duration.ofMinutes(30),
            1000,
            9,
            Optional.empty(),
            Optional.empty()));
    Job job = create("a");
    process.timers.runDue(world.now());
    Instant back = world.now().plus(Duration.ofDays(2));
    a.hook((_, _) -> {
      if (world.now().isBefore(back)) {
        throw new BackendException.Unavailable("a", "observe", "503");
      }
    });
    while (world.now().isBefore(back)) {
      turn(1);
    }
    turn(3);

    assertThat(now(job).state().status()).isEqualTo(JobStatus.RUNNING);
    assertThat(messages(job).stream().filter(m -> m.contains("503"))).hasSizeLessThan(3);
  }

  @Test
  void aBudgetIsKeptToBeforeAnythingIsSubmitted() {
    Job job = ended(process.engine.create(SimWorld.ASKER, SimWorld.request("a", Optional.of("2"))));

    assertThat(job.state().error().orElseThrow().code()).isEqualTo("budget_exceeded");
    assertThat(a.created()).isEmpty();
  }

  @Test
  void theOrganisationsMonthIsKeptToAndWhatIsSettledIsFreeAgain() {
    world.rules(new JobRules(Deadlines.DEFAULT, Optional.of(new BigDecimal("5"))));
    process = world.start(Optional.empty());
    Job first = create("a");
    process.timers.runDue(world.now());
    Job second = create("a");
    process.timers.runDue(world.now());

    assertThat(now(second).state().error().orElseThrow().code()).isEqualTo("budget_exceeded");
    process.engine.cancel("default", first.id());
    assertThat(ended(first).state().status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(ended(create("a")).state().status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aModelThatDoesNotAnswerAsItDidInTrainingIsNotLetOut() {
    a.gate(new GateResult.Measured("int8", 0.5, 0.1, 100, Optional.empty()));
    Job job = ended(create("a"));

    assertThat(job.state().error().orElseThrow().code()).isEqualTo("gate_failed");
    assertThat(world.models.list("default")).isEmpty();
  }

  @Test
  void whatIsWrongWithARequestIsSaidBeforeThereIsAJob() {
    JobRequest fine = SimWorld.request("a");
    JobRequest noFile =
        new JobRequest(fine.model(), "file-9", Optional.empty(), fine.placement(), fine.metadata());
    assertThatThrownBy(() -> process.engine.create(SimWorld.ASKER, noFile))
        .isInstanceOfSatisfying(
            JobRefusedException.class,
            e -> {
              assertThat(e.code()).isEqualTo("file_not_found");
              assertThat(e.problems().getFirst().field()).isEqualTo("training_file");
            });
    assertThatThrownBy(() -> process.engine.create(SimWorld.ASKER, named("gpt-9")))
        .isInstanceOfSatisfying(
            JobRefusedException.class, e -> assertThat(e.code()).isEqualTo("model_not_found"));
    assertThat(world.jobs.all()).isEmpty();
  }

  @Test
  void aNameMayStandForAModelOfOursAndThatIsTold() {
    Job job = process.engine.create(SimWorld.ASKER, named("gpt-old"));

    assertThat(job.request().model().name()).contains("tiny");
    assertThat(messages(job).get(1)).contains("gpt-old stands for tiny");
  }

  private static JobRequest named(String model) {
    JobRequest fine = SimWorld.request("a");
    return new JobRequest(
        new JobRequest.ModelRequest(
            Optional.of(model),
            Optional.empty(),
            fine.model().method(),
            fine.model().hyperparameters(),
            Optional.empty(),
            Optional.empty()),
        fine.trainingFile(),
        Optional.empty(),
        fine.placement(),
        fine.metadata());
  }

  @Test
  void theDecisionIsInTheAuditLogInTheSameStep() {
    Job job = ended(create("a"));

    assertThat(world.jobs.audit())
        .singleElement()
        .satisfies(line -> {
          assertThat(line.fields()).containsEntry("job", job.id()).containsEntry("actor", "key-1");
          assertThat(line.kind()).isEqualTo(io.tuneplane.policy.AuditEvent.Kind.DECISION);
        });
  }
}
