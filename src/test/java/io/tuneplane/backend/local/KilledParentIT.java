package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The control plane is killed with its run at work; the next one goes on.
class KilledParentIT {

  private static final String MARK = "orphan";
  private static final int EPOCHS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Clearance LEAVE = TestClearances.onHardware(LocalTraining.NAME);

  @TempDir private Path directory;

  @Test
  void theRunnerStaysAtWorkAndTheNextControlPlaneAdoptsIt() throws Exception {
    LocalPlace place = LocalPlace.create(directory);
    Process parent = start(place);
    awaitEvents(place, 10);
    parent.destroyForcibly().waitFor();
    long runner = place.children(MARK).getFirst();
    assertThat(ProcessHandle.of(runner)).isPresent();

    Watch watch = goOn(place);
    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertWhole(place, watch);
    assertThat(place.children(MARK)).containsExactly(runner);
  }

  @Test
  void aRunnerThatEndedWhileNobodyLookedIsDone() throws Exception {
    LocalPlace place = LocalPlace.create(directory);
    Process parent = start(place);
    awaitEvents(place, 10);
    parent.destroyForcibly().waitFor();
    awaitEnd(place.children(MARK).getFirst());

    Watch watch = goOn(place);
    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertWhole(place, watch);
    assertThat(place.children(MARK)).hasSize(1);
  }

  /// An orderly end takes the runner along: it writes a checkpoint, and the next one goes on.
  @Test
  void aControlPlaneThatClosesStopsItsRunner() throws Exception {
    LocalPlace place = LocalPlace.create(directory);
    LocalTraining first = place.scripted("");
    first.submit(place.spec(EPOCHS), new SubmissionKey(MARK), LEAVE);
    awaitEvents(place, 10);
    first.close();
    awaitEnd(place.children(MARK).getFirst());
    int checkpoints = checkpoints(place);

    Watch watch = goOn(place);
    RunState end = watch.untilEnd();

    assertThat(checkpoints).isPositive();
    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertWhole(place, watch);
    assertThat(place.children(MARK)).hasSize(2);
  }

  /// The next control plane comes at once, or a little later.
  @ParameterizedTest
  @ValueSource(ints = {0, 5, 30, 100})
  void aQuickSuccessorNeverRunsASecondOneBesideIt(int millis) throws Exception {
    LocalPlace place = LocalPlace.create(directory);
    Process parent = start(place);
    awaitEvents(place, 10);
    parent.destroyForcibly().waitFor();
    Thread.sleep(millis);

    Watch watch = goOn(place);
    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertWhole(place, watch);
  }

  private static Watch goOn(LocalPlace place) {
    LocalTraining backend = place.scripted("");
    RunHandle run = backend.submit(place.spec(EPOCHS), new SubmissionKey(MARK), LEAVE);
    return new Watch(backend, run);
  }

  private static void assertWhole(LocalPlace place, Watch watch) {
    List<Long> all =
        LongStream.rangeClosed(1, (long) EPOCHS * ScriptedRunner.STEPS).boxed().toList();
    assertThat(watch.steps()).isEqualTo(all);
    assertThat(watch.events()).extracting(TrainingEvent::id).isSorted().doesNotHaveDuplicates();
    assertThat(place.run(MARK).path().resolve("doubles")).doesNotExist();
  }

  private Process start(LocalPlace place) throws IOException {
    RunnerCommand runner = place.scriptedRunner("");
    ProcessBuilder parent =
        new ProcessBuilder(
            runner.java().toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            ParentProcess.class.getName(),
            directory.toString(),
            MARK,
            Integer.toString(EPOCHS));
    parent.environment().put("CLASSPATH", runner.classPath());
    return parent
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("parent.log").toFile())
        .start();
  }

  private static void awaitEvents(LocalPlace place, int lines) throws Exception {
    Path events = place.run(MARK).path().resolve("events.jsonl");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(events) || Files.readAllLines(events).size() < lines) {
      assertThat(System.nanoTime()).as("no events").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private static void awaitEnd(long pid) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      assertThat(System.nanoTime()).as("the runner stays").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private static int checkpoints(LocalPlace place) throws IOException {
    try (Stream<Path> steps = Files.list(place.run(MARK).path().resolve("checkpoints"))) {
      return (int) steps.count();
    }
  }
}
