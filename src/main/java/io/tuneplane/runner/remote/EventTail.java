package io.tuneplane.runner.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads `events.jsonl` while the trainer writes it: whole lines, a batch at a time. A `checkpoint`
/// or a `result` comes alone, since something has to be sent before it. For one thread.
final class EventTail {

  private static final int MOST_BYTES = 900_000;
  private static final int LONGEST = 1 << 20;

  private final Path file;
  private long position;

  /// @param file need not be there yet
  /// @param position where what is not sent yet begins
  EventTail(Path file, long position) {
    this.file = file;
    this.position = position;
  }

  /// Some lines.
  ///
  /// @param bytes of all of them
  /// @param alone the event, where it is one that comes alone; else missing
  @SuppressWarnings("ArrayRecordComponent") // nobody compares two
  record Batch(byte[] bytes, JsonNode alone) {

    boolean isEmpty() {
      return bytes.length == 0;
    }
  }

  private record Line(int from, int to, JsonNode event) {

    boolean alone() {
      String type = event.path("type").asText();
      return type.equals("checkpoint") || type.equals("result");
    }
  }

  /// The next lines; none if there are no more yet.
  Batch next() throws IOException {
    byte[] bytes = read();
    List<Line> lines = lines(bytes);
    int end = 0;
    for (Line line : lines) {
      if (line.alone() || (line.to() > MOST_BYTES && end > 0)) {
        break;
      }
      end = line.to();
    }
    JsonNode alone = ControlPlane.JSON.missingNode();
    if (end == 0 && !lines.isEmpty()) {
      end = lines.getFirst().to();
      alone = lines.getFirst().event();
    }
    return new Batch(java.util.Arrays.copyOf(bytes, end), alone);
  }

  /// The batch was taken.
  void past(Batch batch) {
    position += batch.bytes().length;
  }

  /// Goes back, or on, to the event of a number.
  ///
  /// @return whether there is one, or it is the one that comes next
  boolean seek(long seq) throws IOException {
    position = 0;
    while (true) {
      byte[] bytes = read();
      List<Line> lines = lines(bytes);
      for (Line line : lines) {
        if (line.event().path("seq").asLong() == seq) {
          position += line.from();
          return true;
        }
      }
      if (lines.isEmpty()) {
        return false;
      }
      position += lines.getLast().to();
    }
  }

  private byte[] read() throws IOException {
    if (!Files.exists(file)) {
      return new byte[0];
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long left = Math.max(0, in.length() - position);
      byte[] bytes = new byte[(int) Math.min(left, LONGEST)];
      in.seek(position);
      in.readFully(bytes);
      return bytes;
    }
  }

  private static List<Line> lines(byte[] bytes) throws IOException {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.add(new Line(from, i + 1, ControlPlane.JSON.readTree(bytes, from, i - from)));
        from = i + 1;
      }
    }
    return lines;
  }
}
