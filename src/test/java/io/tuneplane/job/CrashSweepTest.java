package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.FailureReason;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.FakeScript;
import io.tuneplane.job.Advance.Spending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Crashes at every durable write and every call outside, with places that drop answers, break, are
/// full, forget runs and close: nothing is lost, nothing is paid twice. A failing seed is printed;
/// `-Dtuneplane.seed=N` runs that one alone.
@Timeout(120)
class CrashSweepTest {

  private static final int SEEDS = Integer.getInteger("tuneplane.seeds", 2000);
  private static final int JOBS = 3;
  private static final Duration WINDOW = Duration.ofMinutes(10);

  @Test
  void whateverHappensNoJobIsLostAndNoneIsPaidTwice() {
    Long only = Long.getLong("tuneplane.seed");
    LongStream seeds = only == null ? LongStream.range(0, SEEDS) : LongStream.of(only);
    seeds.forEach(seed -> {
      try {
        new Run(seed).play();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    });
  }

  /// One crash, at each point in turn, with nothing else wrong.
  @Test
  void aCrashAtAnyPointOfAJobsLifeChangesNothing() {
    int points = 1;
    for (int crashAt = 1; crashAt <= points; crashAt++) {
      SimWorld world = new SimWorld(1, "a");
      int[] seen = {0};
      int at = crashAt;
      world.at(() -> {
        if (++seen[0] == at) {
          throw new SimWorld.Crash("point " + at);
        }
      });
      SimWorld.ControlPlane process = world.start(Optional.empty());
      try {
        process.engine.create(SimWorld.ASKER, SimWorld.request("auto"));
      } catch (SimWorld.Crash e) {
        process = world.start(Optional.empty());
        if (world.jobs.all().isEmpty()) {
          process.engine.create(SimWorld.ASKER, SimWorld.request("auto"));
        }
      }
      for (int i = 0; i < 200 && world.advanceToNext(); i++) {
        try {
          process.timers.sweep();
          process.timers.runDue(world.now());
        } catch (SimWorld.Crash e) {
          process = world.start(Optional.empty());
        }
      }
      points = Math.max(points, seen[0]);
      assertThat(world.jobs.all())
          .as("crash at point %d", crashAt)
          .allSatisfy(job -> assertThat(job.state().status()).isEqualTo(JobStatus.SUCCEEDED));
      assertThat(world.place("a").created()).as("runs, crash at %d", crashAt).hasSizeLessThan(2);
      Invariants.check(world);
    }
    assertThat(points).isGreaterThan(30);
  }

  /// One seed's story.
  private static final class Run {
    private final Random random;
    private final SimWorld world;
    private SimWorld.ControlPlane first;
    private SimWorld.ControlPlane second;
    private int faults = 60;
    private boolean nested;

    Run(long seed) {
      random = new Random(seed);
      world = new SimWorld(seed, "a", "b", "c");
      world.places.forEach((name, place) -> prepare(name, place));
      world.at(this::maybeCrash);
      first = world.start(Optional.of("here"));
      second = world.start(Optional.of("there"));
    }

    private void prepare(String name, FakePlace place) {
      place.pageSize(1 + random.nextInt(5));
      if (random.nextBoolean()) {
        // A provider whose list is behind, and that takes every create for a new one.
        place.hiddenFor(WINDOW);
      }
      for (int i = 0; i < JOBS; i++) {
        place.nextRun(script());
      }
      place.hook((operation, after) -> fault(name, operation, after));
    }

    private FakeScript script() {
      FakeScript script = FakeScript.SUCCEEDS.withSteps(1 + random.nextInt(30));
      return switch (random.nextInt(8)) {
        case 0 ->
            new FakeScript(
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                Integer.MAX_VALUE,
                3,
                Optional.empty(),
                Optional.empty());
        case 1 -> script.failing(new FailureReason("out_of_memory", "needs 9 GB", false));
        default -> script;
      };
    }

    private boolean chance(int oneIn) {
      return faults > 0 && random.nextInt(oneIn) == 0 && faults-- > 0;
    }

    private void maybeCrash() {
      if (chance(60)) {
        throw new SimWorld.Crash("by chance");
      }
    }

    private void fault(String place, String operation, boolean after) {
      maybeCrash();
      if (chance(40) && !nested) {
        // This process stands still for longer than its lease; another one takes its jobs over.
        nested = true;
        try {
          second.timers.sweep();
          second.timers.runDue(world.now());
        } catch (SimWorld.Crash e) {
          second = world.start(Optional.of("there"));
        } finally {
          nested = false;
        }
      }
      if (after && chance(12)) {
        throw operation.equals("submit")
            ? new BackendException.OutcomeUnknown(place, operation, "the answer was lost")
            : new BackendException.Unavailable(place, operation, "the answer was lost");
      }
      if (!after && chance(12)) {
        throw refusal(place, operation);
      }
    }

    private BackendException refusal(String place, String operation) {
      return switch (random.nextInt(7)) {
        case 0 ->
            new BackendException.Exhausted(
                place, operation, "429", Optional.of(Duration.ofSeconds(7)));
        case 1 -> new BackendException.Unauthorized(place, operation, "401");
        case 2 -> new BackendException.Misunderstood(place, operation, "<html>");
        case 3 ->
            operation.equals("submit")
                ? new BackendException.Closed(place, operation, "training_not_available")
                : new BackendException.Unavailable(place, operation, "500");
        default -> new BackendException.Unavailable(place, operation, "503");
      };
    }

    void play() {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        ids.add(create());
      }
      int turns = 0;
      while (world.advanceToNext()) {
        if (turns++ == 5_000) {
          throw new AssertionError("jobs that never end: " + world.jobs.all());
        }
        command(ids);
        if (turns % 300 == 299) {
          ids.forEach(id -> quietly(() -> first.engine.cancel("default", id)));
        }
        turn(random.nextInt(4) == 0);
      }
      world.at(() -> {});
      Invariants.check(world);
    }

    private String create() {
      while (true) {
        try {
          return first
              .engine
              .create(SimWorld.ASKER, SimWorld.request(random.nextBoolean() ? "auto" : "b"))
              .id();
        } catch (SimWorld.Crash e) {
          first = world.start(Optional.of("here"));
          if (!world.jobs.all().isEmpty()) {
            return world.jobs.all().getLast().id();
          }
        }
      }
    }

    private void command(List<String> ids) {
      if (random.nextInt(40) != 0) {
        return;
      }
      String id = ids.get(random.nextInt(ids.size()));
      switch (random.nextInt(4)) {
        case 0 -> quietly(() -> first.engine.cancel("default", id));
        case 1 -> quietly(() -> first.engine.pause("default", id));
        default -> quietly(() -> first.engine.resume("default", id));
      }
      // Whoever paused lets go on before long.
      world.jobs.all().stream()
          .filter(job -> job.course().wishes().wanted() == JobCourse.Wanted.PAUSE)
          .filter(_ -> random.nextInt(3) == 0)
          .forEach(job -> quietly(() -> first.engine.resume("default", job.id())));
    }

    private void quietly(Runnable command) {
      try {
        command.run();
      } catch (JobStateException e) {
        assertThat(e.getMessage()).contains("ftjob-");
      } catch (SimWorld.Crash e) {
        first = world.start(Optional.of("here"));
      }
    }

    private void turn(boolean other) {
      SimWorld.ControlPlane process = other ? second : first;
      try {
        process.timers.sweep();
        process.timers.runDue(world.now());
      } catch (SimWorld.Crash e) {
        if (other) {
          second = world.start(Optional.of("there"));
        } else {
          first = world.start(Optional.of("here"));
        }
      }
    }
  }

  /// What must be so once every job has ended.
  static final class Invariants {

    private Invariants() {}

    static void check(SimWorld world) {
      world.jobs.all().forEach(job -> check(world, job));
    }

    private static void check(SimWorld world, Job job) {
      assertThat(job.ended()).as("%s has ended", job).isTrue();
      List<String> runs = new ArrayList<>();
      world.places.forEach((name, place) ->
          place.created().stream().filter(job.mark()::equals).forEach(_ -> runs.add(name)));
      assertThat(runs).as("runs of %s", job).hasSizeLessThan(2);
      runs.forEach(name -> {
        // One that was started while its process stood still, for a job that had ended meanwhile,
        // is
        // stopped instead.
        job.run().ifPresent(run -> assertThat(run.handle().backend()).isEqualTo(name));
        assertThat(world.place(name).isGoing(job.mark()))
            .as("a run goes on though %s has ended: %s", job.id(), job.state())
            .isFalse();
      });
      events(world, job);
      money(world, job);
      boolean known =
          world.models.list("default").stream().anyMatch(m -> m.jobId().equals(job.id()));
      assertThat(known).isEqualTo(job.state().status() == JobStatus.SUCCEEDED);
    }

    private static void events(SimWorld world, Job job) {
      List<JobEvent> events = world.jobs.events(job.id(), 0, Integer.MAX_VALUE);
      List<Object> steps =
          events.stream()
              .filter(e -> e.type() == JobEvent.Type.METRICS)
              .map(e -> java.util.Objects.requireNonNull(e.data().get("step")))
              .toList();
      assertThat(steps)
          .isEqualTo(LongStream.rangeClosed(1, steps.size()).<Object>mapToObj(n -> n).toList());
      Set<String> ends = new HashSet<>();
      events.stream()
          .map(JobEvent::message)
          .filter(m -> m.startsWith("The job has been completed") || m.startsWith("The job failed"))
          .forEach(ends::add);
      assertThat(ends).hasSizeLessThan(2);
    }

    private static void money(SimWorld world, Job job) {
      Optional<Spending> spent = Optional.ofNullable(world.jobs.spending().get(job.id()));
      assertThat(spent.isPresent()).as("spending of %s", job).isEqualTo(job.plan().isPresent());
      spent.ifPresent(part -> assertThat(part.settled()).isTrue());
    }
  }
}
