package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a run when its process ends in each of the ways that a process can end.
class RunnerEndingsIT {

  private static final Clearance LEAVE = TestClearances.onHardware(LocalTraining.NAME);
  private static final SubmissionKey KEY = new SubmissionKey("the-run");

  @TempDir private Path directory;

  private LocalPlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = LocalPlace.create(directory);
  }

  @AfterEach
  void leaveNoProcess() {
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void aKilledRunnerGoesOnFromItsCheckpointAndNothingIsToldTwice() throws Exception {
    Watch watch = watch("1:7:" + ScriptedRunner.KILLED + " 2:9:" + ScriptedRunner.KILLED);

    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertThat(watch.steps()).isEqualTo(oneTo(ScriptedRunner.STEPS));
    assertThat(watch.events()).extracting(TrainingEvent::id).isSorted().doesNotHaveDuplicates();
    assertThat(watch.texts()).filteredOn(t -> t.startsWith("the runner was killed")).hasSize(2);
    assertThat(place.children(KEY.mark())).hasSize(3);
    assertNeverTwoAtOnce();
  }

  @Test
  void aRunnerThatKeepsDyingWithoutGettingOnFails() throws Exception {
    RunState end = watch("1:2:3 2:2:3 3:2:3").untilEnd();

    assertThat(end)
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            f -> {
              assertThat(f.reason().code()).isEqualTo("runner_crashed");
              assertThat(f.reason().message()).contains("exit code 3").contains("3 times");
              assertThat(f.reason().retryable()).isTrue();
            });
    assertThat(place.children(KEY.mark())).hasSize(3);
  }

  @Test
  void wrongInputIsNotTriedAgain() throws Exception {
    RunState end = watch("1:2:10").untilEnd();

    assertThat(end)
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            f -> {
              assertThat(f.reason().code()).isEqualTo("scripted_10");
              assertThat(f.reason().message()).isEqualTo("scripted end with 10");
              assertThat(f.reason().retryable()).isFalse();
            });
    assertThat(place.children(KEY.mark())).hasSize(1);
  }

  @Test
  void aFailureAroundTheRunIsTriedAgain() throws Exception {
    Watch watch = watch("1:2:20");

    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertThat(watch.steps()).isEqualTo(oneTo(ScriptedRunner.STEPS));
    assertThat(watch.texts()).anyMatch(t -> t.contains("scripted end with 20; goes on"));
  }

  @Test
  void outOfMemoryStartsOnceMoreWithLess() throws Exception {
    Watch watch = watch("1:2:21");

    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    long fixed = place.run(KEY.mark()).record().fixedBytes();
    assertThat(watch.texts())
        .contains("memory free", "memory " + (fixed + (12 * TestMachine.GIB - fixed) / 2));
  }

  @Test
  void aRunnerIsAdoptedByAnotherInstance() throws Exception {
    LocalTraining first = place.scripted("");
    RunHandle run = first.submit(place.spec(3), KEY, LEAVE);
    new Watch(first, run).until(w -> w.steps().size() > 3);
    LocalTraining second = place.scripted("");
    Watch watch = new Watch(second, second.submit(place.spec(3), KEY, LEAVE));

    RunState end = watch.untilEnd();

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertThat(place.children(KEY.mark())).hasSize(1);
    assertThat(watch.steps()).isEqualTo(oneTo(3 * ScriptedRunner.STEPS));
  }

  @Test
  void aPausedRunLosesNoStep() throws Exception {
    LocalTraining backend = place.scripted("");
    RunHandle run = backend.submit(place.spec(3), KEY, LEAVE);
    Watch watch = new Watch(backend, run);
    watch.until(w -> w.steps().size() > 3);
    backend.pause(run);
    RunState paused = watch.untilState(RunState.Paused.class);
    backend.resume(run);

    RunState end = watch.untilEnd();

    assertThat(paused).isInstanceOf(RunState.Paused.class);
    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertThat(watch.steps()).isEqualTo(oneTo(3 * ScriptedRunner.STEPS));
    assertThat(place.children(KEY.mark())).hasSize(2);
    assertNeverTwoAtOnce();
  }

  @Test
  void aSecondRunWaitsForTheFirst() throws Exception {
    LocalTraining backend = place.scripted("");
    RunHandle first = backend.submit(place.spec(50), KEY, LEAVE);
    RunHandle second = backend.submit(place.spec(1), new SubmissionKey("second"), LEAVE);
    Watch watch = new Watch(backend, second);
    RunState waiting = backend.observe(second, io.tuneplane.backend.Cursor.START).state();
    backend.cancel(first);
    new Watch(backend, first).untilEnd();

    RunState end = watch.untilEnd();

    assertThat(waiting).isEqualTo(new RunState.Queued());
    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertThat(watch.texts()).first().isEqualTo("waits: the-run is training here");
  }

  @Test
  void aRunnerThatLeavesADamagedResultHasNotSucceeded() throws Exception {
    LocalTraining backend = place.scripted("");
    RunHandle run = backend.submit(place.spec(1), KEY, LEAVE);
    Path weights = place.run(KEY.mark()).adapter().resolve("adapter_model.safetensors");
    while (!place.run(KEY.mark()).exit().isPresent()) {
      Thread.sleep(20);
    }
    Files.writeString(weights, "flipped", StandardOpenOption.TRUNCATE_EXISTING);
    Watch watch = new Watch(backend, run);

    RunState end = watch.untilEnd();

    assertThat(end)
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            f -> {
              assertThat(f.reason().code()).isEqualTo("result_damaged");
              assertThat(f.reason().message())
                  .contains("adapter_model.safetensors is not the file that the runner wrote");
            });
  }

  @Test
  void aRunThatCanNotBeWrittenLeavesNothing() throws Exception {
    Files.writeString(
        Files.createDirectories(place.settings().directory()).resolve("runs"), "in the way");
    LocalTraining backend = place.scripted("");

    assertThatThrownBy(() -> backend.submit(place.spec(1), KEY, LEAVE))
        .isInstanceOf(BackendException.Unavailable.class);
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  private Watch watch(String script) {
    LocalTraining backend = place.scripted(script);
    return new Watch(backend, backend.submit(place.spec(1), KEY, LEAVE));
  }

  private void assertNeverTwoAtOnce() {
    assertThat(place.run(KEY.mark()).path().resolve("doubles")).doesNotExist();
  }

  private static List<Long> oneTo(int last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
