package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.ControlLock;
import io.tuneplane.backend.RemoteRunners;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainingEvent.Level;
import io.tuneplane.backend.kubernetes.RunRecord.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Moves runs on: compares what is wanted with what the cluster shows, and does the next thing.
/// Nothing is remembered here that is not in the run's folder or in the cluster, so any instance in
/// any process can make the next step. Safe for many threads and processes, by the run's lock.
final class Reconciler {

  /// How long a pod may fail to start for a reason that does not go away by itself.
  static final Duration TROUBLE = Duration.ofMinutes(10);

  /// How long a pod that has its node may take to start: images of tens of gigabytes are pulled.
  static final Duration START = Duration.ofMinutes(45);

  private static final int MOST_REMADE = 3;

  private final ClusterAccess access;
  private final Maker maker;
  private final Queueing queueing;
  private final RemoteRunners runners;
  private final InstantSource clock;

  Reconciler(
      ClusterAccess access,
      Maker maker,
      Queueing queueing,
      RemoteRunners runners,
      InstantSource clock) {
    this.access = access;
    this.maker = maker;
    this.queueing = queueing;
    this.runners = runners;
    this.clock = clock;
  }

  /// Does what is due, and tells where the run stands then.
  RunState advance(RunFolder run) throws IOException, ClusterException {
    Optional<Outcome> ended = run.outcome();
    if (ended.isPresent()) {
      return ended.get().state(run.work());
    }
    try (ControlLock _ = run.lock()) {
      Optional<Outcome> meanwhile = run.outcome();
      if (meanwhile.isPresent()) {
        return meanwhile.get().state(run.work());
      }
      run.log().takeOver(run.events());
      return step(run, run.record());
    }
  }

  /// Asks something of a run. What follows from it is done by the next [#advance].
  ///
  /// @return where the run stood before, if it had ended: then nothing was asked
  Optional<RunState> want(RunFolder run, Wanted wanted) throws IOException {
    try (ControlLock _ = run.lock()) {
      Optional<Outcome> outcome = run.outcome();
      RunRecord record = run.record();
      if (outcome.isPresent() || record.wanted() == Wanted.CANCEL) {
        return outcome.map(o -> o.state(run.work()));
      }
      run.write(record.want(wanted, clock.instant()));
      runners.ask(run.mark(), wish(wanted));
      return Optional.empty();
    }
  }

  private static RemoteRunners.Wish wish(Wanted wanted) {
    return switch (wanted) {
      case RUN -> RemoteRunners.Wish.RUN;
      case PAUSE -> RemoteRunners.Wish.STOP;
      case CANCEL -> RemoteRunners.Wish.CANCEL;
    };
  }

  private RunState step(RunFolder run, RunRecord record) throws IOException, ClusterException {
    RunName name = RunName.of(run.mark());
    Optional<JsonNode> job = access.job(name.job(record.round()));
    List<JsonNode> pods = access.pods(name);
    Situation situation = Situation.of(job, pods);
    if (situation instanceof Situation.Complete) {
      return end(run, ResultCheck.of(run.work(), run.events().report()));
    }
    return record.wanted() == Wanted.RUN
        ? run(run, record, job, pods, situation)
        : leave(run, record, situation);
  }

  private RunState leave(RunFolder run, RunRecord record, Situation situation)
      throws IOException, ClusterException {
    boolean cancelled = record.wanted() == Wanted.CANCEL;
    if (situation instanceof Situation.NoJob) {
      return cancelled ? end(run, new Outcome.Cancelled()) : new RunState.Paused();
    }
    if (!(situation instanceof Situation.Leaving)) {
      access.cluster().delete(Kind.JOB, RunName.of(run.mark()).job(record.round()));
    }
    return new RunState.Running(record.wantedAt());
  }

  private RunState run(
      RunFolder run,
      RunRecord record,
      Optional<JsonNode> job,
      List<JsonNode> pods,
      Situation situation)
      throws IOException, ClusterException {
    List<PodEnd> ends = PodEnd.of(pods);
    RunRecord told = tellEnds(run, record, ends);
    if (outOfMemoryAgain(told, ends)) {
      return giveUp(run, told, outOfMemory(ends));
    }
    if (job.isPresent() && !told.made()) {
      return adopt(run, told, job.get());
    }
    return switch (situation) {
      case Situation.NoJob _ -> make(run, told);
      case Situation.Leaving _ -> new RunState.Queued();
      case Situation.Complete _ -> throw new IllegalStateException("was dealt with before");
      case Situation.GaveUp gone -> end(run, failed(gone, ends, run.events().report()));
      case Situation.Suspended _ -> suspended(run, told, job.orElseThrow());
      case Situation.Troubled trouble ->
          troubled(run, told, trouble.code(), trouble.words(), TROUBLE);
      case Situation.Pending pending -> pending(run, told, pods, pending);
      case Situation.Running running -> running(run, told, running);
    };
  }

  /// Takes a Job over that an earlier try has made, and was broken off before it could say so.
  private RunState adopt(RunFolder run, RunRecord record, JsonNode job)
      throws IOException, ClusterException {
    try {
      Maker.requireOurs(job, run.mark());
      maker.makeParts(job, run, record);
      run.write(record.hasMade());
      return new RunState.Queued();
    } catch (Maker.TakenException e) {
      return end(run, taken(e));
    }
  }

  private static Outcome taken(Maker.TakenException e) {
    return new Outcome.Failed("name_taken", String.valueOf(e.getMessage()), false);
  }

  private RunState make(RunFolder run, RunRecord record) throws IOException, ClusterException {
    RunRecord next = record;
    if (record.made()) {
      if (record.remade() == MOST_REMADE) {
        return end(
            run,
            new Outcome.Failed(
                "run_lost",
                "its Job was deleted by somebody else " + (MOST_REMADE + 1) + " times",
                true));
      }
      next = record.remake();
      run.log()
          .note(
              clock.instant(),
              Level.WARN,
              "its Job was deleted by somebody else; a new one goes on from the last checkpoint");
      run.write(next);
    }
    try {
      JsonNode made = maker.make(run.mark(), next);
      maker.makeParts(made, run, next);
      run.write(next.hasMade());
      return new RunState.Queued();
    } catch (Maker.TakenException e) {
      return end(run, taken(e));
    }
  }

  private RunState suspended(RunFolder run, RunRecord record, JsonNode job)
      throws IOException, ClusterException {
    Optional<Queueing.Standing> standing = queueing.letIn(job, record);
    if (standing.isEmpty()) {
      return new RunState.Queued();
    }
    if (standing.get().hopeless()) {
      return troubled(run, record, "not_admitted", standing.get().words(), TROUBLE);
    }
    run.write(say(run, record.troubled(null), "queue", Level.INFO, standing.get().words()));
    return new RunState.Queued();
  }

  private RunState pending(
      RunFolder run, RunRecord record, List<JsonNode> pods, Situation.Pending pending)
      throws IOException, ClusterException {
    Optional<String> warning = warning(pods);
    String words = pending.words().isEmpty() ? warning.orElse("") : pending.words();
    if (words.contains("persistentvolumeclaim") || words.contains("PersistentVolumeClaim")) {
      return troubled(run, record, "volume", words, TROUBLE);
    }
    boolean placed = pods.stream().anyMatch(Reconciler::hasNodeAndWaits);
    if (placed) {
      String starting = words.isEmpty() ? "its pod has a node and has not started" : words;
      return troubled(run, record, "pod_start", starting, START);
    }
    RunRecord calm = record.troubled(null);
    run.write(words.isEmpty() ? calm : say(run, calm, "queue", Level.INFO, words));
    return new RunState.Queued();
  }

  private static boolean hasNodeAndWaits(JsonNode pod) {
    return Json.text(pod, "status", "phase").equals("Pending")
        && !Json.text(pod, "spec", "nodeName").isEmpty();
  }

  /// The cluster's latest warning about a pod that has not started.
  private Optional<String> warning(List<JsonNode> pods) throws IOException, ClusterException {
    Optional<JsonNode> waiting =
        pods.stream().filter(p -> Json.text(p, "status", "phase").equals("Pending")).findFirst();
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    return access.events(Json.text(waiting.get(), "metadata", "name")).stream()
        .filter(e -> e.path("type").asText().equals("Warning"))
        .max(Comparator.comparing(Reconciler::lastSeen))
        .map(e -> Json.text(e, "reason") + ": " + Json.text(e, "message"));
  }

  private static String lastSeen(JsonNode event) {
    String last = Json.text(event, "lastTimestamp");
    return last.isEmpty() ? Json.text(event, "eventTime") : last;
  }

  private RunState troubled(
      RunFolder run, RunRecord record, String code, String words, Duration patience)
      throws IOException, ClusterException {
    Instant now = clock.instant();
    Instant since = record.troubledSince() == null ? now : record.troubledSince();
    if (now.isAfter(since.plus(patience))) {
      String message =
          "has not started within %d minutes: %s".formatted(patience.toMinutes(), words);
      return giveUp(run, record, new Outcome.Failed(code, message, true));
    }
    Level level = code.equals("pod_start") ? Level.INFO : Level.WARN;
    run.write(say(run, record.troubled(since), "queue", level, words));
    return new RunState.Queued();
  }

  private RunState running(RunFolder run, RunRecord record, Situation.Running running)
      throws IOException {
    String where = "at work on " + String.join(", ", running.nodes());
    run.write(say(run, record.troubled(null), "queue", Level.INFO, where));
    return new RunState.Running(running.since());
  }

  private RunRecord tellEnds(RunFolder run, RunRecord record, List<PodEnd> ends)
      throws IOException {
    RunRecord told = record;
    for (PodEnd end : ends) {
      String matter = "pod/" + end.uid();
      if (!told.hasSaid(matter, end.kind().name())) {
        told = say(run, told, matter, Level.WARN, Words.of(end), end.kind().name());
        if (end.kind() == PodEnd.Kind.OUT_OF_MEMORY && told.lessMemoryAt() == null) {
          run.write(run.job().withLessMemory());
          told = told.withLessMemory(clock.instant());
        }
        run.write(told);
      }
    }
    return told;
  }

  private static boolean outOfMemoryAgain(RunRecord record, List<PodEnd> ends) {
    Instant since = record.lessMemoryAt();
    return since != null
        && ends.stream()
            .anyMatch(e -> e.kind() == PodEnd.Kind.OUT_OF_MEMORY && e.startedAt().isAfter(since));
  }

  private static Outcome.Failed outOfMemory(List<PodEnd> ends) {
    return new Outcome.Failed(
        "out_of_memory",
        "%s; it was tried with half the examples in memory at once too. Shorten the longest"
                .formatted(ends.getLast().words())
            + " examples, use --quantization 4bit, or ask for a larger kind of GPU",
        false);
  }

  private static Outcome.Failed failed(
      Situation.GaveUp gone, List<PodEnd> ends, RunnerEvents.Report report) {
    Optional<PodEnd> last = ends.isEmpty() ? Optional.empty() : Optional.of(ends.getLast());
    String words = report.words().or(() -> last.map(PodEnd::words)).orElse(gone.message());
    boolean wrong = last.map(e -> e.kind() == PodEnd.Kind.WRONG_INPUT).orElse(false);
    if (wrong) {
      return new Outcome.Failed(report.code().orElse("invalid_input"), words, false);
    }
    return switch (gone.reason()) {
      case "DeadlineExceeded" ->
          new Outcome.Failed(
              "deadline_exceeded",
              "its pods have lived longer than kubernetes.deadline_hours: " + gone.message(),
              false);
      case "PodFailurePolicy" ->
          new Outcome.Failed(report.code().orElse("invalid_input"), words, false);
      default ->
          new Outcome.Failed(
              report.code().orElse("runner_failed"), words + " (" + gone.message() + ")", true);
    };
  }

  private RunState giveUp(RunFolder run, RunRecord record, Outcome.Failed outcome)
      throws IOException, ClusterException {
    access.cluster().delete(Kind.JOB, RunName.of(run.mark()).job(record.round()));
    return end(run, outcome);
  }

  private RunState end(RunFolder run, Outcome outcome) throws IOException {
    runners.dismiss(run.mark());
    run.log().takeOver(run.events());
    run.write(outcome);
    return outcome.state(run.work());
  }

  private RunRecord say(RunFolder run, RunRecord record, String matter, Level level, String words)
      throws IOException {
    return say(run, record, matter, level, words, words);
  }

  private RunRecord say(
      RunFolder run, RunRecord record, String matter, Level level, String words, String key)
      throws IOException {
    if (record.hasSaid(matter, key)) {
      return record;
    }
    run.log().note(clock.instant(), level, words);
    return record.saying(matter, key);
  }
}
