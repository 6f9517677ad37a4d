package io.tuneplane.job;

import io.tuneplane.backend.FakeBackend;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.Method;
import io.tuneplane.job.JobRequest.Placement;
import io.tuneplane.policy.Location;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything outside an engine, which outlives it: places, stores, the time. Engines come and go.
final class SimWorld {

  /// The process died here. Not an exception of ours: nothing may catch it.
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
      super(where, null, false, false);
    }
  }

  static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  static final Asker ASKER = new Asker("default", "key-1", Set.of());

  final Map<String, FakePlace> places = new TreeMap<>();
  final MemoryTunedModels models = new MemoryTunedModels();
  final MemoryDataFiles files = new MemoryDataFiles();
  final MemoryJobStore jobs;
  private final SimPlanner planner;
  private final Random random;
  private Instant now = START;
  private Runnable atPoint = () -> {};
  private JobRules rules = JobRules.DEFAULT;

  SimWorld(long seed, String... names) {
    this.random = new Random(seed);
    this.jobs = new MemoryJobStore(models, this::point);
    this.planner = new SimPlanner(List.of(names), this::point);
    for (String name : names) {
      FakePlace place = new FakePlace(START);
      place.hook((_, _) -> point());
      places.put(name, place);
    }
    try {
      files.keep("default", "train.jsonl", "fine-tune", new ByteArrayInputStream(new byte[3]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What happens at every durable write and every call outside, before and after it.
  void at(Runnable what) {
    atPoint = what;
  }

  void rules(JobRules other) {
    rules = other;
  }

  private void point() {
    atPoint.run();
  }

  FakePlace place(String name) {
    return java.util.Objects.requireNonNull(places.get(name));
  }

  /// Another process that begins to work.
  ControlPlane start(Optional<String> host) {
    return new ControlPlane(host);
  }

  /// A process that works on jobs.
  final class ControlPlane {
    final ManualTimers timers = new ManualTimers();
    final JobEngine engine;

    private ControlPlane(Optional<String> host) {
      List<FakeBackend> backends =
          places.entrySet().stream()
              .map(e -> FakeBackend.of(e.getKey(), Location.ON_PREM, e.getValue()))
              .toList();
      engine =
          new JobEngine(
              new JobEngine.Stores(jobs, models, files),
              new JobEngine.Reach(
                  planner, new Places(List.copyOf(backends), List.copyOf(backends))),
              timers,
              new JobEngine.Chance(SimWorld.this::now, random, _ -> {}),
              new JobEngine.Setup(host, rules, Map.of("gpt-old", "tiny")));
      engine.start();
    }
  }

  Instant now() {
    return now;
  }

  /// Sets the clock, while nothing happens in the places.
  void jump(Duration by) {
    now = now.plus(by);
  }

  void advance(Duration time) {
    now = now.plus(time);
    places.values().forEach(place -> place.advance(time));
  }

  /// Lets time pass until the next job is due.
  boolean advanceToNext() {
    Optional<Instant> due = jobs.nextDue();
    due.filter(at -> at.isAfter(now)).ifPresent(at -> advance(Duration.between(now, at)));
    return due.isPresent();
  }

  /// Turns the crank until every job has ended.
  void runAll(ControlPlane process) {
    for (int i = 0; i < 100_000; i++) {
      if (!advanceToNext()) {
        return;
      }
      process.timers.sweep();
      process.timers.runDue(now);
    }
    throw new AssertionError("jobs that never end: " + jobs.all());
  }

  static JobRequest request(String backend) {
    return request(backend, Optional.empty());
  }

  static JobRequest request(String backend, Optional<String> budget) {
    return new JobRequest(
        new JobRequest.ModelRequest(
            Optional.of("tiny"),
            Optional.empty(),
            Method.SUPERVISED,
            HyperparameterChoices.AUTO,
            Optional.empty(),
            Optional.of("support")),
        "file-1",
        Optional.empty(),
        new Placement(backend, false, new TreeSet<>(), budget, Optional.empty(), false),
        Map.of("team", "support", "tuneplane.backend", backend));
  }
}
