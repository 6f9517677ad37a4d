package io.tuneplane.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads server-sent events (WHATWG HTML, 9.2.6) one by one. Half an event at the end, which a cut
/// connection leaves, is none. For one thread.
final class EventReader implements AutoCloseable {

  private final BufferedReader lines;

  /// An event.
  ///
  /// @param name `message` where it has none
  /// @param data its lines, joined
  record Event(String name, String data) {}

  EventReader(InputStream stream) {
    this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  /// The next event; empty at the end.
  Optional<Event> next() throws IOException {
    String name = "message";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          return Optional.of(new Event(name, data.substring(1)));
        }
        name = "message";
      } else if (line.startsWith("data:")) {
        data.append('\n').append(value(line, "data:"));
      } else if (line.startsWith("event:")) {
        name = value(line, "event:");
      }
    }
    return Optional.empty();
  }

  private static String value(String line, String field) {
    String value = line.substring(field.length());
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
