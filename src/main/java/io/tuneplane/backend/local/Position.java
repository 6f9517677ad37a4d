package io.tuneplane.backend.local;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;

/// What a [Cursor] into `events.jsonl` says: how far it has been read, and which steps have been
/// told. A start that goes on from a checkpoint repeats the steps after it; those are passed over.
///
/// @param offset bytes read
/// @param attempt the start that the last line was of
/// @param step the highest step with figures so far
/// @param seen the highest step with figures in earlier starts
/// @param saved the highest step with a checkpoint so far
record Position(long offset, int attempt, long step, long seen, long saved) {

  private static final Position START = new Position(0, 0, 0, 0, 0);

  static Position of(Cursor cursor) {
    if (cursor.equals(Cursor.START)) {
      return START;
    }
    String[] parts = cursor.value().split(":", -1);
    try {
      return new Position(
          Long.parseLong(parts[0]),
          Integer.parseInt(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new BackendException.Misunderstood(
          LocalTraining.NAME, "observe", "no cursor of ours: " + cursor.value(), e);
    }
  }

  Cursor cursor() {
    return new Cursor(offset + ":" + attempt + ":" + step + ":" + seen + ":" + saved);
  }

  /// Whether the line tells of a step that was told before.
  boolean repeats(EventLine line) {
    return switch (line.type()) {
      case "metrics" -> line.step() <= after(line).seen;
      case "checkpoint" -> line.step() <= saved;
      default -> false;
    };
  }

  /// The position behind a line, the offset apart.
  Position after(EventLine line) {
    long before = line.attempt() > attempt ? step : seen;
    return switch (line.type()) {
      case "metrics" ->
          new Position(offset, line.attempt(), Math.max(step, line.step()), before, saved);
      case "checkpoint" ->
          new Position(offset, line.attempt(), step, before, Math.max(saved, line.step()));
      default -> new Position(offset, line.attempt(), step, before, saved);
    };
  }

  Position at(long next) {
    return new Position(next, attempt, step, seen, saved);
  }
}
