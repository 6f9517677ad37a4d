package io.tuneplane.backend;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A provider that lives in memory: what a [FakeBackend] talks to. It outlives the backends that
/// are opened on it, as a real provider does, so a test can "restart" by opening another one. Its
/// clock stands still until [#advance]; it serves as the test's clock too, and `place::advance` as
/// its sleeper. Safe for many threads.
public final class FakePlace implements InstantSource {

  private final SequencedMap<String, FakeRun> runs = new LinkedHashMap<>();
  private final SequencedMap<String, DeploymentSpec> deployments = new LinkedHashMap<>();
  private final Set<String> answering = new LinkedHashSet<>();
  private final Queue<FakeScript> scripts = new ArrayDeque<>();
  private final Map<String, Queue<BackendException>> failures = new HashMap<>();
  private final Map<String, Integer> lostAnswers = new HashMap<>();
  private Function<ChatRequest, String> answers =
      request -> "You said: " + request.messages().getLast().content().orElse("nothing");
  private GateResult gate = new GateResult.Measured("int8", 0.004, 0.05, 512, Optional.empty());
  private Availability availability = new Availability.Ready();
  private Instant now;
  private int pageSize = Integer.MAX_VALUE;
  private final Map<String, Instant> visibleFrom = new HashMap<>();
  private final List<String> created = new ArrayList<>();
  private Duration hidden = Duration.ZERO;
  private volatile Hook hook = (_, _) -> {};
  private UnaryOperator<Progress> distortion = UnaryOperator.identity();

  /// Is asked at every call that may change something or tell something: may throw what the call
  /// should throw, or anything else.
  public interface Hook {

    /// A call comes by.
    ///
    /// @param after whether the call has done its work, and only its answer is missing
    void at(String operation, boolean after);
  }

  public FakePlace(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /// Lets time pass: runs move on, deployments come up.
  public synchronized void advance(Duration time) {
    now = now.plus(time);
    runs.values().forEach(run -> run.tick(now));
    answering.addAll(deployments.keySet());
  }

  /// How the next run that is submitted will go; several calls queue up. Runs without a script take
  /// [FakeScript#SUCCEEDS].
  public synchronized void nextRun(FakeScript script) {
    scripts.add(script);
  }

  /// The next call of this operation (`submit`, `observe`, `chat`, ...) fails before it does
  /// anything.
  public synchronized void failNext(String operation, BackendException failure) {
    failures.computeIfAbsent(operation, _ -> new ArrayDeque<>()).add(failure);
  }

  /// The next call of this operation does its work, but its answer never arrives.
  public synchronized void loseNextAnswer(String operation) {
    lostAnswers.merge(operation, 1, Integer::sum);
  }

  /// What arrives of every look, instead of what there is.
  public synchronized void distort(UnaryOperator<Progress> other) {
    distortion = other;
  }

  synchronized Progress arriving(Progress progress) {
    return distortion.apply(progress);
  }

  /// What happens at every call.
  public void hook(Hook other) {
    hook = other;
  }

  /// From now on a run can't be found by its mark before it is this old: until then this place
  /// takes a second create for a new run.
  public synchronized void hiddenFor(Duration time) {
    hidden = time;
  }

  /// The mark of every run that was ever created, and has to be paid: twice where it was created
  /// twice.
  public synchronized List<String> created() {
    return List.copyOf(created);
  }

  /// Whether a run is known and has not ended.
  public synchronized boolean isGoing(String mark) {
    FakeRun run = runs.get(mark);
    return run != null && !run.ended();
  }

  /// Cancels a run from outside, as somebody at the provider's own page does.
  public synchronized void cancelOutside(String mark) {
    run(mark).orElseThrow().cancel(now);
  }

  /// Forgets a run, as a provider does that cleans up.
  public synchronized void forget(RunHandle run) {
    runs.remove(run.remoteId());
  }

  /// The most events that one look gives.
  public synchronized void pageSize(int events) {
    pageSize = events;
  }

  /// What the models here say to a request; by default they repeat its last message.
  public synchronized void answers(Function<ChatRequest, String> says) {
    answers = says;
  }

  /// What the gate will find.
  public synchronized void gate(GateResult result) {
    gate = result;
  }

  /// Whether this place takes jobs.
  public synchronized void availability(Availability says) {
    availability = says;
  }

  /// How many runs were ever started and are still known.
  public synchronized int runs() {
    return runs.size();
  }

  /// How many models are deployed.
  public synchronized int deployments() {
    return deployments.size();
  }

  synchronized String answerTo(ChatRequest request) {
    return answers.apply(request);
  }

  synchronized GateResult gate() {
    return gate;
  }

  synchronized Availability availability() {
    return availability;
  }

  synchronized int pageSize() {
    return pageSize;
  }

  void arrive(String operation) {
    hook.at(operation, false);
    failIfAsked(operation);
  }

  private synchronized void failIfAsked(String operation) {
    Queue<BackendException> queue = failures.get(operation);
    if (queue != null && !queue.isEmpty()) {
      throw queue.remove();
    }
  }

  void answer(String backend, String operation) {
    hook.at(operation, true);
    loseIfAsked(backend, operation);
  }

  private synchronized void loseIfAsked(String backend, String operation) {
    int lost = lostAnswers.getOrDefault(operation, 0);
    if (lost > 0) {
      lostAnswers.put(operation, lost - 1);
      throw operation.equals("submit")
          ? new BackendException.OutcomeUnknown(backend, operation, "the connection broke")
          : new BackendException.Unavailable(backend, operation, "the connection broke");
    }
  }

  synchronized void start(String mark) {
    if (visible(mark).isEmpty()) {
      created.add(mark);
      visibleFrom.put(mark, now.plus(hidden));
      FakeScript script = scripts.isEmpty() ? FakeScript.SUCCEEDS : scripts.remove();
      runs.put(mark, new FakeRun(mark, script, now));
    }
  }

  synchronized Optional<FakeRun> visible(String mark) {
    return run(mark).filter(_ -> !visibleFrom.getOrDefault(mark, now).isAfter(now));
  }

  synchronized Duration hidden() {
    return hidden;
  }

  synchronized Optional<FakeRun> run(String mark) {
    return Optional.ofNullable(runs.get(mark));
  }

  synchronized void deploy(String id, DeploymentSpec spec) {
    deployments.putIfAbsent(id, spec);
  }

  synchronized void undeploy(String id) {
    deployments.remove(id);
    answering.remove(id);
  }

  synchronized Optional<DeploymentSpec> deployment(String id) {
    return Optional.ofNullable(deployments.get(id));
  }

  synchronized boolean answers(String id) {
    return answering.contains(id);
  }
}
