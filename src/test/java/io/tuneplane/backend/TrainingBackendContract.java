package io.tuneplane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tuneplane.policy.Clearance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [TrainingBackend] promises. Each backend runs this against a real part, or a stateful
/// stand-in written from the published API; every other test uses [FakeBackend], which obeys it.
public abstract class TrainingBackendContract {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<TrainingBackend> opened = new ArrayList<>();
  private TrainingBackend backend;
  private SubmissionKey key;

  /// Another instance over the same place and the same state. The suite closes it.
  protected abstract TrainingBackend open() throws Exception;

  /// A spec that is accepted and ends well, by itself, after a few events.
  protected abstract TrainingSpec spec() throws Exception;

  /// A spec that is accepted and goes on for longer than any test waits.
  protected abstract TrainingSpec longSpec() throws Exception;

  /// A spec that the place refuses.
  protected abstract TrainingSpec refusedSpec() throws Exception;

  /// Leave to train with this data in this place.
  protected abstract Clearance clearance(TrainingSpec spec);

  /// Leave to train with this data somewhere else.
  protected abstract Clearance clearanceForAnotherPlace(TrainingSpec spec);

  /// How many runs the place has started since the test began, seen from the place's side.
  protected abstract int runsStarted() throws Exception;

  /// Lets the place get on with it.
  protected abstract void letTimePass() throws Exception;

  /// Whether the place tells figures of single steps while it trains. Some managed places don't.
  protected boolean tellsMetrics() {
    return true;
  }

  /// Ways to make the next `observe` fail, by the error that must come out of it.
  protected abstract Map<Class<? extends BackendException>, Fault> faults();

  /// Breaks something about a run or its place.
  protected interface Fault {
    void inject(RunHandle run) throws Exception;
  }

  @BeforeEach
  void openBackend() throws Exception {
    backend = another();
    key = new SubmissionKey("contract-" + UUID.randomUUID());
  }

  @AfterEach
  void closeBackends() {
    opened.forEach(TrainingBackend::close);
  }

  @Test
  void itsNameIsFitToBeStored() {
    assertThat(backend.name()).matches("[a-z0-9-]{1,63}");
  }

  @Test
  void aRunGoesToItsEndAndTellsOfIt() throws Exception {
    RunHandle run = submit(spec());

    List<TrainingEvent> events = new ArrayList<>();
    RunState end = readToEnd(run, events);

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertThat(((RunState.Succeeded) end).usage().steps()).isPositive();
    assertThat(run.backend()).isEqualTo(backend.name());
    assertThat(events).isNotEmpty().extracting(TrainingEvent::id).doesNotHaveDuplicates();
    assertThat(metricSteps(events)).isSorted().doesNotHaveDuplicates();
    assertThat(metricSteps(events).isEmpty()).isEqualTo(!tellsMetrics());
  }

  @Test
  void submitTwiceStartsOneRun() throws Exception {
    TrainingSpec spec = longSpec();

    RunHandle first = submit(spec);
    RunHandle second = submit(spec);

    assertThat(second).isEqualTo(first);
    assertThat(runsStarted()).isEqualTo(1);
    stop(first);
  }

  @Test
  void aMarkIsFoundOnceItWasSubmitted() throws Exception {
    TrainingSpec spec = longSpec();
    assertThat(backend.find(key)).isEmpty();

    RunHandle run = submit(spec);

    assertThat(another().find(key)).contains(run);
    assertThat(backend.find(new SubmissionKey("contract-" + UUID.randomUUID()))).isEmpty();
    assertThat(backend.consistencyWindow()).isGreaterThanOrEqualTo(Duration.ZERO);
    stop(run);
  }

  @Test
  void anotherInstanceKnowsTheMark() throws Exception {
    TrainingSpec spec = longSpec();
    RunHandle first = submit(spec);
    backend.close();

    RunHandle second = another().submit(spec, key, clearance(spec));

    assertThat(second).isEqualTo(first);
    assertThat(runsStarted()).isEqualTo(1);
    stop(first);
  }

  @Test
  void manyThreadsAndInstancesStartOneRun() throws Exception {
    TrainingSpec spec = longSpec();
    List<TrainingBackend> instances = List.of(backend, another(), another());
    List<Callable<RunHandle>> calls = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      TrainingBackend instance = instances.get(i % instances.size());
      calls.add(() -> instance.submit(spec, key, clearance(spec)));
    }

    Set<RunHandle> handles = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<RunHandle> call : threads.invokeAll(calls)) {
        handles.add(call.get());
      }
    }

    assertThat(handles).hasSize(1);
    assertThat(runsStarted()).isEqualTo(1);
    stop(handles.iterator().next());
  }

  @Test
  void submitAfterTheEndStartsNothing() throws Exception {
    TrainingSpec spec = spec();
    RunHandle run = submit(spec);
    RunState end = readToEnd(run, new ArrayList<>());

    RunHandle again = submit(spec);

    assertThat(again).isEqualTo(run);
    assertThat(runsStarted()).isEqualTo(1);
    assertThat(backend.observe(again, Cursor.START).state()).isEqualTo(end);
  }

  @Test
  void checkFindsWhatSubmitRejects() throws Exception {
    TrainingSpec refused = refusedSpec();
    List<Problem> problems = backend.check(refused);

    Throwable thrown = catchThrowable(() -> submit(refused));

    assertThat(problems).isNotEmpty();
    assertThat(thrown).isInstanceOf(BackendException.Rejected.class);
    assertThat(((BackendException.Rejected) thrown).problems()).isEqualTo(problems);
    assertThat(runsStarted()).isZero();
  }

  @Test
  void checkFindsNothingInWhatSubmitTakes() throws Exception {
    assertThat(backend.check(spec())).isEmpty();
    assertThat(backend.check(longSpec())).isEmpty();
    assertThat(runsStarted()).isZero();
  }

  @Test
  void leaveForAnotherPlaceIsRefused() throws Exception {
    TrainingSpec spec = spec();
    Clearance elsewhere = clearanceForAnotherPlace(spec);

    assertThatThrownBy(() -> backend.submit(spec, key, elsewhere))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("clearance");
    assertThat(runsStarted()).isZero();
  }

  @Test
  void cancelTwiceIsCancelOnce() throws Exception {
    RunHandle run = submit(longSpec());
    await(run, RunState.Running.class::isInstance);

    backend.cancel(run);
    backend.cancel(run);
    RunState end = await(run, RunState::ended);
    backend.cancel(run);

    assertThat(end).isEqualTo(new RunState.Cancelled());
    assertThat(backend.observe(run, Cursor.START).state()).isEqualTo(new RunState.Cancelled());
  }

  @Test
  void cancelAfterTheEndChangesNothing() throws Exception {
    RunHandle run = submit(spec());
    RunState end = readToEnd(run, new ArrayList<>());

    backend.cancel(run);

    assertThat(backend.observe(run, Cursor.START).state()).isEqualTo(end);
  }

  @Test
  void aPausedRunGoesOnWhereItStopped() throws Exception {
    assumeTrue(backend.capabilities().pausable(), "this place can't pause");
    RunHandle run = submit(longSpec());
    await(run, RunState.Running.class::isInstance);

    backend.pause(run);
    backend.pause(run);
    await(run, RunState.Paused.class::isInstance);
    letTimePass();
    RunState still = backend.observe(run, Cursor.START).state();
    backend.resume(run);
    backend.resume(run);
    await(run, RunState.Running.class::isInstance);

    assertThat(still).isEqualTo(new RunState.Paused());
    assertThat(runsStarted()).isEqualTo(1);
    stop(run);
  }

  @Test
  void aRunThatHasEndedCanNotBePaused() throws Exception {
    assumeTrue(backend.capabilities().pausable(), "this place can't pause");
    RunHandle run = submit(spec());
    RunState end = readToEnd(run, new ArrayList<>());

    assertThatThrownBy(() -> backend.pause(run)).isInstanceOf(BackendException.Rejected.class);
    backend.resume(run);

    assertThat(backend.observe(run, Cursor.START).state()).isEqualTo(end);
  }

  @Test
  void theCursorNeverRepeatsOrSkips() throws Exception {
    RunHandle run = submit(spec());
    List<TrainingEvent> whileRunning = new ArrayList<>();
    readToEnd(run, whileRunning);

    List<TrainingEvent> afterwards = new ArrayList<>();
    List<Cursor> cursors = new ArrayList<>();
    drain(backend, run, afterwards, cursors);

    assertThat(afterwards).isEqualTo(whileRunning);
    for (Cursor cursor : cursors) {
      List<TrainingEvent> tail = new ArrayList<>();
      drainFrom(another(), run, cursor, tail, new ArrayList<>());
      assertThat(afterwards).endsWith(tail.toArray(TrainingEvent[]::new));
      assertThat(backend.observe(run, cursor).events())
          .isEqualTo(backend.observe(run, cursor).events());
    }
  }

  @Test
  void aRunThatIsNotKnownIsLost() {
    RunHandle nobody = new RunHandle(backend.name(), "no-such-run");

    assertThatThrownBy(() -> backend.observe(nobody, Cursor.START))
        .isInstanceOf(BackendException.RunLost.class);
    assertThatThrownBy(() -> backend.cancel(nobody)).isInstanceOf(BackendException.RunLost.class);
  }

  @Test
  void eachFaultHasItsOwnError() throws Exception {
    for (var fault : faults().entrySet()) {
      key = new SubmissionKey("contract-" + UUID.randomUUID());
      RunHandle run = submit(spec());
      fault.getValue().inject(run);

      assertThatThrownBy(() -> backend.observe(run, Cursor.START))
          .isInstanceOfSatisfying(
              fault.getKey(), e -> assertThat(e.backend()).isEqualTo(backend.name()));
    }
  }

  @Test
  void closeReleasesThreads() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    TrainingBackend shortLived = another();
    TrainingSpec spec = spec();
    RunHandle run = shortLived.submit(spec, key, clearance(spec));
    readToEnd(run, new ArrayList<>());

    shortLived.close();
    backend.close();

    LeftThreads.assertNoneSince(before);
  }

  private TrainingBackend another() throws Exception {
    TrainingBackend instance = open();
    opened.add(instance);
    return instance;
  }

  private RunHandle submit(TrainingSpec spec) {
    return backend.submit(spec, key, clearance(spec));
  }

  private RunState await(RunHandle run, Predicate<RunState> wanted) throws Exception {
    TrainingBackend watcher = another();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    RunState state = watcher.observe(run, Cursor.START).state();
    while (!wanted.test(state)) {
      assertThat(System.nanoTime()).as("still %s", state).isLessThan(deadline);
      assertThat(state.ended()).as("ended as %s", state).isFalse();
      letTimePass();
      state = watcher.observe(run, Cursor.START).state();
    }
    return state;
  }

  private RunState readToEnd(RunHandle run, List<TrainingEvent> into) throws Exception {
    TrainingBackend reader = another();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Progress progress = reader.observe(run, Cursor.START);
    into.addAll(progress.events());
    while (!progress.state().ended() || !progress.events().isEmpty()) {
      assertThat(System.nanoTime()).as("still %s", progress.state()).isLessThan(deadline);
      if (!progress.state().ended()) {
        letTimePass();
      }
      progress = reader.observe(run, progress.next());
      into.addAll(progress.events());
    }
    return progress.state();
  }

  private static void drain(
      TrainingBackend reader, RunHandle run, List<TrainingEvent> into, List<Cursor> cursors) {
    drainFrom(reader, run, Cursor.START, into, cursors);
  }

  private static void drainFrom(
      TrainingBackend reader,
      RunHandle run,
      Cursor start,
      List<TrainingEvent> into,
      List<Cursor> cursors) {
    Progress progress = reader.observe(run, start);
    while (!progress.events().isEmpty()) {
      into.addAll(progress.events());
      cursors.add(progress.next());
      progress = reader.observe(run, progress.next());
    }
  }

  private void stop(RunHandle run) throws Exception {
    TrainingBackend stopper = another();
    stopper.cancel(run);
    await(run, RunState::ended);
  }

  private static List<Long> metricSteps(List<TrainingEvent> events) {
    return events.stream()
        .filter(TrainingEvent.Metrics.class::isInstance)
        .map(e -> ((TrainingEvent.Metrics) e).step())
        .toList();
  }
}
