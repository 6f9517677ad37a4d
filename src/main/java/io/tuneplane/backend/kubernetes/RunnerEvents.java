package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `events.jsonl`, as the runner's lines arrive in it. A line is there once its end is.
///
/// @param file the file; it need not be there yet
record RunnerEvents(Path file) {

  private static final int MOST = 1 << 24;

  /// A line, and where the next one begins.
  ///
  /// @param body the event
  /// @param end the offset behind it
  record Line(JsonNode body, long end) {

    String type() {
      return body.path("type").asText();
    }

    int attempt() {
      return body.path("attempt").asInt();
    }

    long step() {
      return body.path("step").asLong();
    }
  }

  /// Whole lines from an offset on, as many as fit into 16 MB.
  List<Line> from(long offset) throws IOException {
    List<Line> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      return lines;
    }
    byte[] bytes = read(offset);
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.add(new Line(parse(bytes, start, i - start), offset + i + 1));
        start = i + 1;
      }
    }
    return lines;
  }

  /// The last whole line; empty where there is none.
  Optional<Line> last() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    for (long back = 1 << 16; ; back <<= 4) {
      long begin = Math.max(0, Files.size(file) - back);
      byte[] bytes = read(begin);
      int end = lastNewline(bytes, bytes.length - 1);
      int before = lastNewline(bytes, end - 1);
      if (end < 0 && begin == 0) {
        return Optional.empty();
      }
      if (end >= 0 && (before >= 0 || begin == 0)) {
        JsonNode body = parse(bytes, before + 1, end - before - 1);
        return Optional.of(new Line(body, begin + end + 1));
      }
    }
  }

  private static int lastNewline(byte[] bytes, int from) {
    for (int i = from; i >= 0; i--) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private byte[] read(long offset) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.position(offset);
      try (InputStream in = Channels.newInputStream(channel)) {
        return in.readNBytes(MOST);
      }
    }
  }

  private JsonNode parse(byte[] bytes, int start, int length) throws IOException {
    try {
      return Json.MAPPER.readTree(bytes, start, length);
    } catch (JacksonException e) {
      throw new UnreadableFileException(file, e);
    }
  }

  /// What the runner itself has told so far.
  ///
  /// @param result the run's result, if it got that far
  /// @param lastWords the last message that names a reason for ending
  /// @param savedStep the highest step with a checkpoint; 0 for none
  record Report(Optional<JsonNode> result, Optional<JsonNode> lastWords, long savedStep) {

    /// The runner's own words for its end, where it has any.
    Optional<String> words() {
      return lastWords.map(w -> w.path("text").asText());
    }

    Optional<String> code() {
      return lastWords.map(w -> w.path("code").asText());
    }
  }

  Report report() throws IOException {
    Optional<JsonNode> result = Optional.empty();
    Optional<JsonNode> words = Optional.empty();
    long saved = 0;
    long offset = 0;
    for (List<Line> page = from(0); !page.isEmpty(); page = from(offset)) {
      for (Line line : page) {
        switch (line.type()) {
          case "result" -> result = Optional.of(line.body());
          case "checkpoint" -> saved = Math.max(saved, line.step());
          case "message" -> words = line.body().has("code") ? Optional.of(line.body()) : words;
          default -> {
            // Figures end nothing.
          }
        }
      }
      offset = page.getLast().end();
    }
    return new Report(result, words, saved);
  }
}
