package io.tuneplane.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What may go wrong between us and the host while a job is trained; the numbers are those of the
/// list of faults.
class OpenAiFaultsTest {

  private static final String CREATE = "POST /fine_tuning/jobs";
  private static final SubmissionKey MARK = new SubmissionKey("ftjob-faults");

  @TempDir Path directory;
  private OpenAiPlace place;
  private OpenAiTraining backend;
  private TrainingSpec spec;

  @BeforeEach
  void open() throws IOException {
    place = new OpenAiPlace(directory);
    backend = place.training();
    spec = place.spec();
  }

  @AfterEach
  void close() {
    backend.close();
    place.close();
  }

  @Test // F1
  void aJobThatWasCreatedBeforeACrashIsAdopted() {
    RunHandle run = submit();

    try (OpenAiTraining restarted = place.training()) {
      assertThat(restarted.find(MARK)).contains(run);
      assertThat(restarted.submit(spec, MARK, clearance())).isEqualTo(run);
    }
    assertThat(place.host.created()).isEqualTo(1);
  }

  @Test // F2
  void aCreateWhoseAnswerIsLostIsNotRepeatedAndFoundInTheEnd() {
    place.host.lag(Duration.ofMinutes(5));
    place.host.fault(CREATE, new FakeFault.DropAnswer());

    assertThatThrownBy(this::submit).isInstanceOf(BackendException.OutcomeUnknown.class);
    assertThat(backend.find(MARK)).isEmpty();
    assertThatThrownBy(this::submit).isInstanceOf(BackendException.OutcomeUnknown.class);
    place.host.advance(Duration.ofMinutes(6));
    Optional<RunHandle> found = backend.find(MARK);

    assertThat(found).isPresent();
    assertThat(submit()).isEqualTo(found.orElseThrow());
    assertThat(place.host.created()).isEqualTo(1);
  }

  @Test // F2
  void afterTheWindowACreateThatCameToNothingIsMadeAnew() {
    place.host.fault(CREATE, new FakeFault.Instead(FakeAnswer.error(500, null, "oh")));

    assertThatThrownBy(this::submit).isInstanceOf(BackendException.OutcomeUnknown.class);
    place.host.advance(OpenAiPlace.WINDOW);
    submit();

    assertThat(place.host.created()).isEqualTo(1);
  }

  @ParameterizedTest // F2
  @ValueSource(ints = {408, 409, 500, 502, 503})
  void anAnswerThatLeavesTheOutcomeOpenIsNotTakenForARefusal(int status) {
    place.host.fault(CREATE, new FakeFault.DoneBut(FakeAnswer.error(status, null, "late")));

    assertThatThrownBy(this::submit).isInstanceOf(BackendException.OutcomeUnknown.class);

    assertThat(backend.find(MARK)).isPresent();
    assertThat(place.host.created()).isEqualTo(1);
  }

  @Test // F2
  void anAnswerThatCanNotBeReadLeavesTheOutcomeOpen() {
    place.host.fault(CREATE, new FakeFault.DoneBut(FakeAnswer.text(200, "<html>hello</html>")));

    assertThatThrownBy(this::submit).isInstanceOf(BackendException.OutcomeUnknown.class);

    assertThat(submit()).isEqualTo(backend.find(MARK).orElseThrow());
    assertThat(place.host.created()).isEqualTo(1);
  }

  @Test // F4
  void howLongTheHostAsksToWaitIsHandedOn() {
    FakeAnswer tooMany = FakeAnswer.error(429, "rate_limit_exceeded", "Slow down");
    place.host.fault(CREATE, new FakeFault.Instead(tooMany.with("Retry-After", "17")));
    place.host.fault(CREATE, new FakeFault.Instead(tooMany.with("retry-after-ms", "1500")));
    place.host.fault(CREATE, new FakeFault.Instead(tooMany));

    assertThat(exhausted().retryAfter()).contains(Duration.ofSeconds(17));
    assertThat(exhausted().retryAfter()).contains(Duration.ofMillis(1500));
    assertThat(exhausted().retryAfter()).isEmpty();
    assertThat(place.host.created()).isZero();
  }

  private BackendException.Exhausted exhausted() {
    return catchThrowableOfType(BackendException.Exhausted.class, this::submit);
  }

  @Test // F5
  void anOutageWhileUploadingStartsNothing() {
    place.host.fault("POST /files", new FakeFault.Instead(FakeAnswer.error(503, null, "no")));

    assertThatThrownBy(this::submit).isInstanceOf(BackendException.Unavailable.class);

    assertThat(count("POST", "/files")).isEqualTo(1);
    assertThat(count("POST", "/fine_tuning/jobs")).isZero();
  }

  @Test // F5
  void noCallIsRepeatedByTheSdk() {
    RunHandle run = submit();
    for (int i = 0; i < 5; i++) {
      place.host.fault(
          "GET /fine_tuning/jobs/[^/]+", new FakeFault.Instead(FakeAnswer.error(503, null, "no")));
    }
    long before = count("GET", "/fine_tuning/jobs/[^/]+");

    assertThatThrownBy(() -> backend.observe(run, Cursor.START))
        .isInstanceOf(BackendException.Unavailable.class);

    assertThat(count("GET", "/fine_tuning/jobs/[^/]+")).isEqualTo(before + 1);
  }

  @Test // F5
  void aLookThatBreaksOffIsMadeOnceMoreAndNothingElseIs() {
    RunHandle run = submit();
    long before = count("GET", "/fine_tuning/jobs/[^/]+");
    place.host.fault("GET /fine_tuning/jobs/[^/]+", new FakeFault.Broken());

    assertThat(backend.observe(run, Cursor.START)).isNotNull();
    assertThat(count("GET", "/fine_tuning/jobs/[^/]+")).isEqualTo(before + 2);

    place.host.fault("GET /fine_tuning/jobs/[^/]+", new FakeFault.Broken());
    place.host.fault("GET /fine_tuning/jobs/[^/]+", new FakeFault.Broken());
    assertThatThrownBy(() -> backend.observe(run, Cursor.START))
        .isInstanceOf(BackendException.Unavailable.class);

    long cancels = count("POST", ".*/cancel");
    place.host.fault("POST /fine_tuning/jobs/[^/]+/cancel", new FakeFault.Broken());
    assertThatThrownBy(() -> backend.cancel(run)).isInstanceOf(BackendException.Unavailable.class);
    assertThat(count("POST", ".*/cancel")).isEqualTo(cancels + 1);
  }

  @Test // F6
  void aClosedDoorIsFinalAndRememberedAcrossRestarts() {
    place.host.fault(
        CREATE,
        new FakeFault.Instead(
            FakeAnswer.error(403, "training_not_available", "Training is not available.")));

    BackendException.Closed closed =
        catchThrowableOfType(BackendException.Closed.class, this::submit);

    assertThat(closed.words()).contains("Training is not available.");
    try (OpenAiTraining restarted = place.training()) {
      assertThat(restarted.availability())
          .isEqualTo(
              new Availability.Closed(closed.words(), Optional.of(LocalDate.parse("2026-11-24"))));
    }
  }

  @Test // F6
  void aKeyWithoutLeaveAndAnEmptyAccountAreTheOperators() {
    place.host.fault(
        CREATE,
        new FakeFault.Instead(FakeAnswer.error(403, "missing_scope", "You lack api.fine_tuning")));
    place.host.fault(
        CREATE,
        new FakeFault.Instead(FakeAnswer.error(429, "insufficient_quota", "Check your billing")));

    assertThatThrownBy(this::submit)
        .isInstanceOf(BackendException.Unauthorized.class)
        .hasMessageContaining("You lack api.fine_tuning");
    assertThatThrownBy(this::submit)
        .isInstanceOf(BackendException.Unauthorized.class)
        .hasMessageContaining("Check your billing");
  }

  @Test
  void whatTheHostRefusesIsToldInItsOwnWords() {
    place.host.fault(
        CREATE,
        new FakeFault.Instead(
            FakeAnswer.error(400, "invalid_n_epochs", "n_epochs must be below 26")));

    assertThatThrownBy(this::submit)
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("n_epochs must be below 26");
  }

  @Test
  void aModelThatIsNotThereIsTheUsersToChange() {
    TrainingSpec gone =
        new TrainingSpec(
            "gone-2024-01-01",
            spec.method(),
            spec.trainingFile(),
            spec.trainingDigest(),
            spec.validationFile(),
            spec.hyperparameters(),
            spec.seed(),
            spec.suffix(),
            spec.startFrom(),
            spec.automatic(),
            spec.labels());

    assertThatThrownBy(() -> backend.submit(gone, MARK, clearance()))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("does not exist");
    assertThat(count("POST", "/.*")).isZero();
  }

  @Test // F7
  void eventsOverManyPagesAreReadOnceAndInOrder() {
    place.host.nextJobHas(350);
    RunHandle run = submit();
    place.host.advance(Duration.ofSeconds(101));
    Progress first = backend.observe(run, Cursor.START);
    place.host.advance(Duration.ofSeconds(400));
    Progress rest = backend.observe(run, first.next());

    assertThat(steps(first.events())).hasSize(99).isSorted();
    assertThat(steps(rest.events())).hasSize(251).isSorted().startsWith(100L).endsWith(350L);
    assertThat(rest.events())
        .extracting(TrainingEvent::id)
        .doesNotContainAnyElementsOf(first.events().stream().map(TrainingEvent::id).toList());
    assertThat(backend.observe(run, rest.next()).events()).isEmpty();
    assertThat(backend.observe(run, first.next()).events()).isEqualTo(rest.events());
    assertThat(rest.state()).isInstanceOf(RunState.Succeeded.class);
  }

  @Test // F7
  void checkpointsStandAmongTheEvents() {
    RunHandle run = submit();
    place.host.advance(Duration.ofSeconds(20));

    List<TrainingEvent> events = backend.observe(run, Cursor.START).events();

    assertThat(events)
        .filteredOn(TrainingEvent.Checkpoint.class::isInstance)
        .extracting(e -> ((TrainingEvent.Checkpoint) e).step())
        .containsExactly(3L, 6L);
    assertThat(events).extracting(TrainingEvent::at).isSorted();
  }

  @Test // F8
  void aJobThatWasCancelledAtTheHostIsCancelled() {
    RunHandle run = submit();
    place.host.job(run.remoteId()).cancel(place.host.instant());

    assertThat(state(run)).isEqualTo(new RunState.Cancelled());
  }

  @Test // F8
  void aJobThatVanishedIsLost() {
    RunHandle run = submit();
    place.host.forget(run.remoteId());

    assertThatThrownBy(() -> backend.observe(run, Cursor.START))
        .isInstanceOf(BackendException.RunLost.class);
    assertThatThrownBy(() -> backend.pause(run)).isInstanceOf(BackendException.RunLost.class);
  }

  @Test
  void statusesThatNobodyHasToldUsOfSurvive() {
    RunHandle run = submit();

    place.host.job(run.remoteId()).status("paused");
    RunState paused = state(run);
    place.host.job(run.remoteId()).status("reticulating_splines");
    RunState unheardOf = state(run);

    assertThat(paused).isEqualTo(new RunState.Paused());
    assertThat(unheardOf).isEqualTo(new RunState.Queued());
  }

  @Test
  void aFailureIsToldInTheHostsWords() {
    place.host.jobsFailWith("invalid_training_file");
    RunHandle run = submit();
    place.host.advance(Duration.ofSeconds(20));

    assertThat(state(run))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> {
              assertThat(failed.reason().code()).isEqualTo("invalid_training_file");
              assertThat(failed.reason().message()).startsWith("The job failed");
            });
  }

  private RunState state(RunHandle run) {
    return backend.observe(run, Cursor.START).state();
  }

  private RunHandle submit() {
    return backend.submit(spec, MARK, clearance());
  }

  private Clearance clearance() {
    return TestClearances.egress(
        "openai", spec.trainingDigest(), "training", place.host.instant().plusSeconds(3600));
  }

  private long count(String method, String path) {
    return place.host.exchanges().stream().filter(e -> e.is(method, path)).count();
  }

  private static List<Long> steps(List<TrainingEvent> events) {
    return events.stream()
        .filter(TrainingEvent.Metrics.class::isInstance)
        .map(e -> ((TrainingEvent.Metrics) e).step())
        .toList();
  }
}
