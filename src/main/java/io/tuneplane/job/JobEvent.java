package io.tuneplane.job;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// Something that happened to a job, in order and without gaps.
///
/// @param seq 1, 2, 3, ... within the job
/// @param at when
/// @param type what kind of thing
/// @param level how grave
/// @param message for people
/// @param data figures by name; empty for a plain message
public record JobEvent(
    long seq,
    Instant at,
    Type type,
    Level level,
    String message,
    SequencedMap<String, Object> data) {

  /// What kind of thing happened.
  public enum Type {
    MESSAGE,
    METRICS,
    CHECKPOINT;

    /// The name in the API.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How grave an event is.
  public enum Level {
    INFO,
    WARN,
    ERROR;

    /// The name in the API.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public JobEvent {
    data = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(data));
  }

  static JobEvent message(long seq, Instant at, Level level, String message) {
    return new JobEvent(seq, at, Type.MESSAGE, level, message, new LinkedHashMap<>(Map.of()));
  }
}
