package io.tuneplane.dataset;

import io.tuneplane.dataset.JsonTape.Kind;
import java.util.Optional;

/// Tells the format of a file by the keys of its first example that has any known ones.
final class FormatDetection {

  /// What a file is taken for that gives no hint: the section's format.
  static final Format DEFAULT = Format.CHATML;

  private FormatDetection() {}

  /// The format of the batch's first example that shows one.
  static Optional<Format> of(Batch batch) {
    Seeker seeker = new Seeker();
    batch.forEach(seeker);
    return seeker.found;
  }

  static Optional<Format> of(JsonTape tape) {
    if (!tape.is(0, Kind.OBJECT)) {
      return Optional.empty();
    }
    if (has(tape, "messages")) {
      return Optional.of(Format.CHATML);
    } else if (has(tape, "conversations")) {
      return Optional.of(Format.SHAREGPT);
    } else if (has(tape, "contents")) {
      return Optional.of(Format.VERTEX);
    } else if (has(tape, "preferred_output") || has(tape, "non_preferred_output")) {
      return Optional.of(Format.OPENAI_PREFERENCE);
    } else if (has(tape, "chosen") || has(tape, "rejected")) {
      return Optional.of(Format.TRL_PREFERENCE);
    } else if (has(tape, "instruction") || has(tape, "output")) {
      return Optional.of(Format.ALPACA);
    }
    return Optional.empty();
  }

  private static boolean has(JsonTape tape, String key) {
    return tape.find(0, Shape.key(key)) != JsonTape.NONE;
  }

  private static final class Seeker implements Batch.Visitor {
    private final JsonTape tape = new JsonTape();
    private Optional<Format> found = Optional.empty();

    @Override
    public void record(byte[] bytes, int start, int end, long line, int column) {
      if (found.isPresent()) {
        return;
      }
      try {
        tape.parse(bytes, start, end);
        found = of(tape);
      } catch (LineException broken) {
        // A broken line shows no format; the check reports it.
        found = Optional.empty();
      }
    }

    @Override
    public void unreadable(Rule rule, String what, long line, int column) {
      // Shows no format either.
    }
  }
}
