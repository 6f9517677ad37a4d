package io.tuneplane.backend;

import io.tuneplane.model.ModelShape;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A place that can fine-tune a model. Implementations may be called from many threads at once;
/// every method blocks (callers use virtual threads) and throws [BackendException] on failure.
public interface TrainingBackend extends AutoCloseable {

  /// The backend's stable name, stored with every run: lower case, `[a-z0-9-]{1,63}`.
  String name();

  /// What this place can do, as data. Consulted before any call, so that no method has to answer
  /// "unsupported". Cheap; may be called for every decision.
  Capabilities capabilities();

  /// Who runs it, as the price book and the policy name them: a third party's place by its own name
  /// unless it says otherwise, any other by `self`.
  default String provider() {
    return capabilities().location() == Location.THIRD_PARTY ? name() : "self";
  }

  /// What the place itself has said of when its models stop, by their names there: no more than it
  /// was asked for another reason. Where it says nothing, the price book counts.
  default Map<String, LocalDate> modelEnds() {
    return Map.of();
  }

  /// Where it is, as its provider names regions; empty where it has none. Leave for flagged data
  /// may hold in one region only.
  default Optional<String> region() {
    return Optional.empty();
  }

  /// Whether a job would be taken now, and what is missing if not. May probe the place with a cheap
  /// read call, and may remember the answer.
  Availability availability();

  /// What its hardware looks like now, in a line for people: kinds of GPU, how many are free,
  /// queues. Empty where there is nothing to tell, or nobody to ask.
  default Optional<String> condition() {
    return Optional.empty();
  }

  /// Which of these models it could never train for want of memory, each with the reason.
  ///
  /// @param candidates shapes by name
  default SortedMap<String, String> unfit(Map<String, ModelShape> candidates) {
    return new TreeMap<>();
  }

  /// What speaks against this spec. No side effect; an empty list means that it would be accepted.
  List<Problem> check(TrainingSpec spec);

  /// Starts a run. Idempotent on the key's mark: the same key never starts a second run, whether
  /// the first call's answer arrived or not, and whether this process or an earlier one made it.
  ///
  /// @throws BackendException.Rejected if [#check] would have found a problem, or the clearance is
  ///   not for this data and this place; nothing has been started then
  /// @throws BackendException.OutcomeUnknown if a run may have been started all the same: the
  ///   caller asks [#find] until [#consistencyWindow] has passed, and does not submit again before
  RunHandle submit(TrainingSpec spec, SubmissionKey key, Clearance clearance);

  /// Looks for a run by its mark, whoever started it. No side effect.
  ///
  /// @return empty if the place does not list one (yet: see [#consistencyWindow])
  Optional<RunHandle> find(SubmissionKey key);

  /// How long a run that was started may stay invisible to [#find]; zero where a look is always up
  /// to date.
  Duration consistencyWindow();

  /// The state now, the events after the cursor in order, and the cursor to ask with next time. The
  /// same cursor gives the same events again, then whatever came since.
  ///
  /// @throws BackendException.RunLost if the place no longer knows the run
  Progress observe(RunHandle run, Cursor since);

  /// Asks the run to end and returns at once. Idempotent; no effect on a run that has ended.
  ///
  /// @throws BackendException.RunLost if the place no longer knows the run
  void cancel(RunHandle run);

  /// Asks the run to stop after a checkpoint and keep what it has, and returns at once. Idempotent;
  /// only called where [Capabilities#pausable] is true.
  ///
  /// @throws BackendException.Rejected if the run can't be paused, e.g. because it has ended
  void pause(RunHandle run);

  /// Lets a paused run go on. Only called where [Capabilities#pausable] is true. Idempotent.
  void resume(RunHandle run);

  /// Releases connections and threads. Runs go on.
  @Override
  void close();
}
