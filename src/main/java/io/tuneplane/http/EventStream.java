package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Writes server-sent events, each sent at once. For one thread.
final class EventStream {

  private static final String COMMENT = ":\n\n";

  private final OutputStream out;

  EventStream(OutputStream out) {
    this.out = out;
  }

  /// `data: {...}`, as OpenAI's streams have it.
  void data(JsonNode json) throws IOException {
    send("data: " + Json.line(json) + "\n\n");
  }

  /// The last event of an answer that is whole.
  void done() throws IOException {
    send("data: [DONE]\n\n");
  }

  /// An event with a number, from which a reader can go on.
  void numbered(long id, JsonNode json) throws IOException {
    send("id: " + id + "\ndata: " + Json.line(json) + "\n\n");
  }

  /// An event with a name.
  void named(String name, JsonNode json) throws IOException {
    send("event: " + name + "\ndata: " + Json.line(json) + "\n\n");
  }

  /// A comment, which readers pass over: what finds out whether the client is still there.
  void probe() throws IOException {
    send(COMMENT);
  }

  private void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
