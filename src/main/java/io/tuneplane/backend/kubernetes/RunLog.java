package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.AtomicFile;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingEvent.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// All that is told of a run, in the order in which it became known here: the runner's events and
/// the cluster's. Written by one at a time, under the run's lock; read by many.
///
/// @param file `log.jsonl`; it need not be there yet
record RunLog(Path file) {

  /// Events after a cursor.
  record Page(List<TrainingEvent> events, Cursor next) {}

  /// Up to `most` events after the cursor.
  ///
  /// @param work the runner's folder, where the paths of checkpoints begin
  Page read(Cursor since, int most, Path work) throws IOException {
    long offset = offset(since);
    List<TrainingEvent> events = new ArrayList<>();
    for (RunnerEvents.Line line : new RunnerEvents(file).from(offset)) {
      if (events.size() == most) {
        break;
      }
      events.add(LoggedEvent.of(line.body(), work));
      offset = line.end();
    }
    return new Page(events, new Cursor(String.valueOf(offset)));
  }

  private static long offset(Cursor since) {
    if (since.equals(Cursor.START)) {
      return 0;
    }
    if (!since.value().matches("[0-9]{1,18}")) {
      throw new BackendException.Misunderstood(
          KubernetesTraining.NAME, "observe", "no cursor of ours: " + since.value());
    }
    return Long.parseLong(since.value());
  }

  /// Takes over what the runner has sent since the last time. A step that is told again, by an
  /// attempt that goes on from a checkpoint, is passed over.
  void takeOver(RunnerEvents events) throws IOException {
    Tail tail = tail();
    StringBuilder lines = new StringBuilder();
    Tail now = tail;
    for (List<RunnerEvents.Line> page = events.from(now.source());
        !page.isEmpty();
        page = events.from(now.source())) {
      for (RunnerEvents.Line line : page) {
        Tail next = now.past(line);
        if (next.number() > now.number()) {
          lines.append(entry(next, line.body())).append('\n');
        }
        now = next;
      }
    }
    append(tail.end(), lines.toString());
  }

  /// Adds words of our own.
  void note(Instant at, Level level, String text) throws IOException {
    Tail tail = tail();
    ObjectNode body =
        Json.object()
            .put("type", "message")
            .put("at", at.toString())
            .put("level", level.name().toLowerCase(Locale.ROOT))
            .put("text", text);
    append(tail.end(), entry(tail.told(), body) + "\n");
  }

  private static ObjectNode entry(Tail tail, JsonNode body) {
    ObjectNode entry = Json.object().put("n", tail.number());
    entry.put("source", tail.source()).put("step", tail.step()).put("saved", tail.saved());
    entry.set("event", body);
    return entry;
  }

  /// Where the log stands.
  ///
  /// @param end the offset behind its last whole line
  /// @param number the last line's number
  /// @param source how far the runner's events have been taken over
  /// @param step the highest step whose figures were told
  /// @param saved the highest step whose checkpoint was told
  private record Tail(long end, long number, long source, long step, long saved) {

    Tail told() {
      return new Tail(end, number + 1, source, step, saved);
    }

    /// Behind a line of the runner's; its number rises if the line is told.
    Tail past(RunnerEvents.Line line) {
      return switch (line.type()) {
        case "metrics" ->
            line.step() <= step
                ? new Tail(end, number, line.end(), step, saved)
                : new Tail(end, number + 1, line.end(), line.step(), saved);
        case "checkpoint" ->
            line.step() <= saved
                ? new Tail(end, number, line.end(), step, saved)
                : new Tail(end, number + 1, line.end(), step, line.step());
        case "message" -> new Tail(end, number + 1, line.end(), step, saved);
        default -> new Tail(end, number, line.end(), step, saved);
      };
    }
  }

  private Tail tail() throws IOException {
    Optional<RunnerEvents.Line> line = new RunnerEvents(file).last();
    if (line.isEmpty()) {
      return new Tail(0, 0, 0, 0, 0);
    }
    JsonNode last = line.get().body();
    return new Tail(
        line.get().end(),
        last.path("n").asLong(),
        last.path("source").asLong(),
        last.path("step").asLong(),
        last.path("saved").asLong());
  }

  /// What a write that was broken off has left behind the last whole line is cut off.
  private void append(long end, String lines) throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(end).position(end);
      AtomicFile.writeAll(channel, bytes);
      channel.force(true);
    }
  }
}
