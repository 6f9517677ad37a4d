package io.tuneplane.backend.local;

import io.tuneplane.backend.AtomicFile;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.TrainingEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// `events.jsonl` of one run, which the runner appends to while we read. A line is there once its
/// end is: half a line at the end is left for the next look.
final class EventLog {

  private static final int CHUNK = 256 * 1024;

  private final Path file;

  EventLog(Path file) {
    this.file = file;
  }

  /// The events after a cursor.
  record Page(List<TrainingEvent> events, Cursor next) {}

  /// Up to `most` events after the cursor.
  Page read(Cursor since, int most) throws IOException {
    Position position = Position.of(since);
    List<TrainingEvent> events = new ArrayList<>();
    try (Lines lines = new Lines(position.offset())) {
      Optional<byte[]> next = lines.next();
      while (next.isPresent()) {
        EventLine line = EventLine.parse(file, next.get());
        if (!position.repeats(line)) {
          line.event(file.resolveSibling("")).ifPresent(events::add);
        }
        position = position.after(line).at(lines.offset());
        next = events.size() < most ? lines.next() : Optional.empty();
      }
    }
    return new Page(events, position.cursor());
  }

  /// Every whole line, oldest first.
  void forEach(Consumer<EventLine> each) throws IOException {
    try (Lines lines = new Lines(0)) {
      for (Optional<byte[]> l = lines.next(); l.isPresent(); l = lines.next()) {
        each.accept(EventLine.parse(file, l.get()));
      }
    }
  }

  /// Adds a line of our own. Only while no runner is at work; half a line that one left is cut off.
  void note(int attempt, Instant at, TrainingEvent.Level level, String text) throws IOException {
    long seq = 0;
    long end;
    try (Lines lines = new Lines(0)) {
      for (Optional<byte[]> l = lines.next(); l.isPresent(); l = lines.next()) {
        seq = EventLine.parse(file, l.get()).seq();
      }
      end = lines.offset();
    }
    byte[] line = EventLine.note(seq + 1, attempt, at, level, text);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(end).position(end);
      AtomicFile.writeAll(channel, ByteBuffer.wrap(line));
      channel.force(true);
    }
  }

  /// Whole lines from an offset on; none where there is no file yet.
  private final class Lines implements AutoCloseable {

    private final Optional<FileChannel> channel;
    private byte[] buffer = new byte[0];
    private int start;
    private long offset;

    Lines(long offset) throws IOException {
      this.offset = offset;
      this.channel =
          Files.exists(file)
              ? Optional.of(FileChannel.open(file, StandardOpenOption.READ))
              : Optional.empty();
    }

    /// The offset behind the last line that was given.
    long offset() {
      return offset;
    }

    Optional<byte[]> next() throws IOException {
      if (channel.isEmpty()) {
        return Optional.empty();
      }
      int searched = start;
      int end = indexOfNewline(searched);
      while (end < 0) {
        searched = buffer.length - start;
        if (!fill(channel.get())) {
          return Optional.empty();
        }
        end = indexOfNewline(start + searched);
      }
      byte[] line = Arrays.copyOfRange(buffer, start, end);
      offset += end + 1 - start;
      start = end + 1;
      return Optional.of(line);
    }

    private int indexOfNewline(int from) {
      for (int i = from; i < buffer.length; i++) {
        if (buffer[i] == '\n') {
          return i;
        }
      }
      return -1;
    }

    private boolean fill(FileChannel from) throws IOException {
      int kept = buffer.length - start;
      ByteBuffer more = ByteBuffer.allocate(CHUNK);
      int read = from.read(more, offset + kept);
      if (read <= 0) {
        return false;
      }
      byte[] joined = Arrays.copyOfRange(buffer, start, buffer.length + read);
      more.flip().get(joined, kept, read);
      buffer = joined;
      start = 0;
      return true;
    }

    @Override
    public void close() throws IOException {
      if (channel.isPresent()) {
        channel.get().close();
      }
    }
  }
}
