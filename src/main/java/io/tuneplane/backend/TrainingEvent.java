package io.tuneplane.backend;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Something that happened in a run. Ids are unique within the run and rise with time.
public sealed interface TrainingEvent {

  /// The event's id, unique within the run.
  String id();

  /// When it happened, by the place's clock.
  Instant at();

  /// Words for people.
  record Log(String id, Instant at, Level level, String text) implements TrainingEvent {}

  /// Figures of one step, named as OpenAI names them (`train_loss`, `valid_loss`, ...).
  ///
  /// @param step the optimiser step, from 1
  /// @param totalSteps how many there will be
  /// @param values figure by name; only what was measured at this step
  record Metrics(
      String id, Instant at, long step, long totalSteps, SequencedMap<String, Double> values)
      implements TrainingEvent {

    public Metrics {
      values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }
  }

  /// A checkpoint that can be used on its own.
  ///
  /// @param step the optimiser step, from 1
  /// @param reference the place's own name of the checkpoint: where the weights are ours, the
  ///   absolute path of its adapter's folder, in PEFT layout
  /// @param values the figures at that step
  record Checkpoint(String id, Instant at, long step, String reference, Map<String, Double> values)
      implements TrainingEvent {

    public Checkpoint {
      values = Map.copyOf(values);
    }
  }

  /// How grave a [Log] is.
  enum Level {
    INFO,
    WARN,
    ERROR
  }
}
