package io.tuneplane.runner.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `events.jsonl`: what happened, one object a line, in order and without gaps over all attempts. A
/// line that a crash cut short is taken away when the file is opened. Not safe for many threads.
final class EventLog implements AutoCloseable {

  private final FileChannel channel;
  private final int attempt;
  private final InstantSource clock;
  private final SortedMap<Long, JsonNode> metrics = new TreeMap<>();
  private Optional<JsonNode> result = Optional.empty();
  private long seq;

  private EventLog(FileChannel channel, int attempt, InstantSource clock) {
    this.channel = channel;
    this.attempt = attempt;
    this.clock = clock;
  }

  /// Opens the file, or makes it.
  ///
  /// @throws WrongInput if a whole line is no event
  static EventLog open(Path file, int attempt, InstantSource clock) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    EventLog log = new EventLog(channel, attempt, clock);
    try {
      log.readBack();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return log;
  }

  private void readBack() throws IOException {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (all.hasRemaining() && channel.read(all) >= 0) {
      // Until the whole file is here.
    }
    byte[] bytes = all.array();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        remember(new String(bytes, from, i - from, StandardCharsets.UTF_8));
        from = i + 1;
      }
    }
    channel.truncate(from);
    channel.position(from);
  }

  private void remember(String line) {
    JsonNode event;
    try {
      event = RunnerJson.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new WrongInput("events.jsonl holds a line that is no event: " + line, e);
    }
    seq = Math.max(seq, event.path("seq").asLong());
    switch (event.path("type").asText()) {
      case "metrics" -> metrics.putIfAbsent(event.path("step").asLong(), event);
      case "result" -> result = Optional.of(event);
      default -> {
        // Messages and checkpoints are for others to read.
      }
    }
  }

  /// Adds an event. Checkpoints and results are on the disk when this returns.
  void append(RunEvent event) throws IOException {
    ObjectNode line = RunnerJson.MAPPER.createObjectNode();
    line.put("seq", ++seq);
    line.put("attempt", attempt);
    line.put("at", clock.instant().toString());
    line.put("type", event.type());
    line.setAll((ObjectNode) RunnerJson.MAPPER.valueToTree(event));
    long start = channel.position();
    try {
      write(ByteBuffer.wrap(RunnerJson.line(line)), event.durable());
    } catch (IOException e) {
      seq--;
      channel.truncate(start);
      channel.position(start);
      throw e;
    }
    remember(line.toString());
  }

  private void write(ByteBuffer bytes, boolean durable) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    if (durable) {
      channel.force(false);
    }
  }

  /// The figures of every step that has some, by step. Of a step that was done twice, since the
  /// first time was lost with a crash, the first figures.
  SortedMap<Long, JsonNode> metrics() {
    return metrics;
  }

  /// The run's result, if it is done.
  Optional<JsonNode> result() {
    return result;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
