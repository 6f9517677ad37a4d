package io.tuneplane.backend.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.remote.RefusedException.Why;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// `events.jsonl` of a run's folder, as it grows by what runners send. A line that was broken off
/// by a crash is cut off by the next append. Written under the run's lock.
///
/// @param file the file; it need not be there yet
record EventFile(Path file) {

  private static final int MOST_BYTES = 1 << 30;
  private static final int FIRST_LOOK = 1 << 12;

  /// Where the file stands.
  ///
  /// @param bytes the offset behind its last whole line
  /// @param next the number that the next event has
  /// @param attempt the attempt of the last event; 0 for none
  record End(long bytes, long next, int attempt) {}

  /// Where the file stands now.
  End end() throws IOException {
    if (!Files.exists(file)) {
      return new End(0, 1, 0);
    }
    long size = Files.size(file);
    for (long look = FIRST_LOOK; ; look *= 16) {
      long from = Math.max(0, size - look);
      byte[] tail = read(from, (int) (size - from));
      int end = newline(tail, tail.length - 1);
      if (end < 0 && from == 0) {
        return new End(0, 1, 0);
      }
      int before = end < 0 ? -1 : newline(tail, end - 1);
      if (end >= 0 && (before >= 0 || from == 0)) {
        return end(tail, before + 1, end, from);
      }
    }
  }

  private End end(byte[] tail, int start, int end, long from) throws IOException {
    JsonNode last;
    try {
      last = RemoteJson.sent(tail, start, end - start, "the last event");
    } catch (RefusedException e) {
      throw new IOException(file + " holds a line that is no event", e);
    }
    return new End(from + end + 1, last.path("seq").asLong() + 1, last.path("attempt").asInt());
  }

  private static int newline(byte[] bytes, int from) {
    int i = from;
    while (i >= 0 && bytes[i] != '\n') {
      i--;
    }
    return i;
  }

  private byte[] read(long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(from);
      in.readFully(bytes);
    }
    return bytes;
  }

  /// One event of a batch: its line, the end included.
  ///
  /// @param from where it begins in the batch
  record Line(ObjectNode event, int from, int length) {}

  /// Reads a batch.
  ///
  /// @throws RefusedException if it holds a line that is no event of this attempt
  static List<Line> parse(byte[] batch, int attempt) {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < batch.length; i++) {
      if (batch[i] == '\n') {
        ObjectNode event = RemoteJson.sent(batch, from, i - from, "a line");
        EventCheck.require(event, attempt);
        lines.add(new Line(event, from, i + 1 - from));
        from = i + 1;
      }
    }
    if (from < batch.length) {
      throw RefusedException.of(Why.INVALID, "the last line has no end");
    }
    return lines;
  }

  /// Those of a batch that are not there yet.
  ///
  /// @throws RefusedException if some are missing before or between them
  static List<Line> fresh(List<Line> batch, End end) {
    List<Line> fresh = new ArrayList<>();
    long next = end.next();
    for (Line line : batch) {
      long seq = line.event().path("seq").asLong();
      if (seq > next) {
        throw RefusedException.of(
            Why.SEQUENCE, "event %d comes next, not %d".formatted(next, seq), "next", next);
      }
      if (seq == next) {
        fresh.add(line);
        next++;
      }
    }
    return fresh;
  }

  /// Adds events, which are on the disk when this returns; or adds none.
  void append(byte[] batch, List<Line> lines, End end) throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    if (end.bytes() + batch.length > MOST_BYTES) {
      throw RefusedException.of(
          Why.TOO_LARGE, "a run has at most %d bytes of events".formatted(MOST_BYTES));
    }
    int from = lines.getFirst().from();
    int to = lines.getLast().from() + lines.getLast().length();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(end.bytes()).position(end.bytes());
      try {
        DurableFile.all(channel, ByteBuffer.wrap(batch, from, to - from));
        channel.force(true);
      } catch (IOException e) {
        channel.truncate(end.bytes());
        throw e;
      }
    }
  }
}
