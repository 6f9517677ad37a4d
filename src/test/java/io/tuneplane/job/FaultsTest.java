package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.FakeScript;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainingEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Faults of what the engine stands on: looks that are lost, doubled and out of order, a database
/// that lost its newest steps, clocks that jump.
@Timeout(60)
class FaultsTest {

  private static final int SEEDS = 100;

  /// Looks get lost, tell again what was told, in any order, and of a state that is over.
  @Test
  void f7WhateverLooksDoToEventsEachIsKeptOnceAndTheStateIsTheLast() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SimWorld world = new SimWorld(seed, "a");
      FakePlace a = world.place("a");
      a.nextRun(FakeScript.SUCCEEDS.withSteps(20));
      a.pageSize(1 + (int) (seed % 7));
      a.distort(new Distortion(new Random(seed))::apply);
      SimWorld.ControlPlane process = world.start(Optional.empty());
      Job job = process.engine.create(SimWorld.ASKER, SimWorld.request("a"));

      world.runAll(process);

      List<JobEvent> events = world.jobs.events(job.id(), 0, 10_000);
      assertThat(process.engine.find("default", job.id()).orElseThrow().state().status())
          .as("seed %d: %s", seed, events)
          .isEqualTo(JobStatus.SUCCEEDED);
      assertThat(steps(events, JobEvent.Type.METRICS))
          .as("seed %d", seed)
          .doesNotHaveDuplicates()
          .isSorted();
      assertThat(steps(events, JobEvent.Type.CHECKPOINT))
          .as("seed %d", seed)
          .doesNotHaveDuplicates()
          .isSorted();
      assertThat(events)
          .extracting(JobEvent::message)
          .filteredOn("accepted"::equals)
          .hasSizeLessThan(2);
      assertThat(events.getLast().message()).startsWith("The job has been completed");
      assertThat(a.created()).containsExactly(job.mark());
    }
  }

  private static List<Long> steps(List<JobEvent> events, JobEvent.Type type) {
    return events.stream()
        .filter(event -> event.type() == type)
        .map(event -> Long.valueOf(String.valueOf(event.data().get("step"))))
        .toList();
  }

  /// What a look becomes on its way.
  private static final class Distortion {

    private final Random random;
    private final List<TrainingEvent> told = new ArrayList<>();
    private int lost;

    Distortion(Random random) {
      this.random = random;
    }

    Progress apply(Progress seen) {
      if (random.nextInt(4) == 0 && ++lost < 20) {
        throw new BackendException.Unavailable("a", "observe", "the answer was lost");
      }
      List<TrainingEvent> events = new ArrayList<>(seen.events());
      told.stream().filter(_ -> random.nextInt(3) == 0).forEach(events::add);
      told.addAll(seen.events());
      Collections.shuffle(events, random);
      boolean stale = random.nextInt(5) == 0 && !seen.state().ended();
      return new Progress(
          stale ? new RunState.Queued() : seen.state(), events, seen.next(), seen.pollAfter());
    }
  }

  /// The database goes back to any earlier moment while the place goes on: the job is found there
  /// again by its mark, and no second run is paid.
  @Test
  void f16ADatabaseThatLostItsNewestStepsFindsEveryRunAgain() {
    int moments = moments();
    assertThat(moments).isGreaterThan(15);
    for (int moment = 1; moment <= moments; moment++) {
      SimWorld world = new SimWorld(3, "a");
      Runnable[] backup = {() -> {}};
      int at = moment;
      int[] seen = {0};
      world.at(() -> {
        if (++seen[0] == at) {
          backup[0] = world.jobs.backup();
        }
      });
      SimWorld.ControlPlane process = world.start(Optional.empty());
      Job job = process.engine.create(SimWorld.ASKER, SimWorld.request("a"));
      world.runAll(process);
      world.at(() -> {});

      backup[0].run();
      process.engine.close();
      if (world.jobs.all().isEmpty()) {
        continue; // the job itself is in what was lost
      }
      SimWorld.ControlPlane next = world.start(Optional.empty());
      world.runAll(next);

      Job again = next.engine.find("default", job.id()).orElseThrow();
      assertThat(again.state().status())
          .as("moment %d: %s", moment, again)
          .isEqualTo(JobStatus.SUCCEEDED);
      assertThat(world.place("a").created()).as("moment %d", moment).containsExactly(job.mark());
      assertThat(world.jobs.events(job.id(), 0, 10_000))
          .extracting(JobEvent::seq)
          .doesNotHaveDuplicates()
          .isSorted();
      String model = again.result().orElseThrow().tunedModel();
      assertThat(world.models.find("default", model)).isPresent();
    }
  }

  private static int moments() {
    SimWorld world = new SimWorld(3, "a");
    int[] seen = {0};
    world.at(() -> seen[0]++);
    SimWorld.ControlPlane process = world.start(Optional.empty());
    process.engine.create(SimWorld.ASKER, SimWorld.request("a"));
    world.runAll(process);
    return seen[0];
  }

  /// The clock jumps while a run is between two steps: nothing counts as stalled because of it.
  @ParameterizedTest
  @ValueSource(longs = {1, -1, 3, 48})
  void f19AClockThatJumpsEndsNoJobEarly(long hours) {
    SimWorld world = new SimWorld(5, "a");
    FakePlace a = world.place("a");
    a.nextRun(
        new FakeScript(
            Duration.ofSeconds(1),
            Duration.ofMinutes(20),
            6,
            3,
            Optional.empty(),
            Optional.empty()));
    SimWorld.ControlPlane process = world.start(Optional.empty());
    Job job = process.engine.create(SimWorld.ASKER, SimWorld.request("a"));
    turns(world, process, 80);
    assertThat(process.engine.find("default", job.id()).orElseThrow().state().status())
        .isEqualTo(JobStatus.RUNNING);

    world.jump(Duration.ofHours(hours));
    world.runAll(process);

    Job ended = process.engine.find("default", job.id()).orElseThrow();
    assertThat(ended.state().status()).as("%s", ended.state()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(a.created()).containsExactly(job.mark());
  }

  /// No server ran for a day: the run gets its time again once one looks, and fails if it uses it.
  @Test
  void f19TimeInWhichNobodyLookedDoesNotCountAgainstARun() {
    SimWorld world = new SimWorld(5, "a");
    FakePlace a = world.place("a");
    a.nextRun(
        new FakeScript(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1_000_000,
            3,
            Optional.empty(),
            Optional.empty()));
    SimWorld.ControlPlane process = world.start(Optional.empty());
    Job job = process.engine.create(SimWorld.ASKER, SimWorld.request("a"));
    turns(world, process, 10);
    List<Cursor> last = new ArrayList<>();
    a.distort(seen -> {
      last.add(seen.next());
      return new Progress(seen.state(), List.of(), last.getFirst(), seen.pollAfter());
    });
    turns(world, process, 3);

    world.jump(Duration.ofHours(24));
    Instant back = world.now();
    turns(world, process, 3);
    assertThat(process.engine.find("default", job.id()).orElseThrow().state().status())
        .isEqualTo(JobStatus.RUNNING);

    world.runAll(process);
    Job ended = process.engine.find("default", job.id()).orElseThrow();
    assertThat(ended.state().error().orElseThrow().code()).isEqualTo("stalled");
    assertThat(Duration.between(back, ended.state().finishedAt().orElseThrow()))
        .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(120));
  }

  private static void turns(SimWorld world, SimWorld.ControlPlane process, int times) {
    for (int i = 0; i < times; i++) {
      world.advanceToNext();
      process.timers.runDue(world.now());
    }
  }
}
