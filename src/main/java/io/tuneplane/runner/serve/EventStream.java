package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Writes server-sent events as OpenAI and vLLM do: `data: {...}` and an empty line, each sent at
/// once.
final class EventStream {

  private static final byte[] PREFIX = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;

  EventStream(OutputStream out) {
    this.out = out;
  }

  void event(JsonNode json) throws IOException {
    event(ApiJson.write(json));
  }

  /// The last event of an answer that is whole.
  void done() throws IOException {
    event(DONE);
  }

  /// A comment, which readers pass over: what finds out whether the client is still there.
  void probe() throws IOException {
    out.write(COMMENT);
    out.flush();
  }

  private void event(byte[] data) throws IOException {
    byte[] all = new byte[PREFIX.length + data.length + END.length];
    System.arraycopy(PREFIX, 0, all, 0, PREFIX.length);
    System.arraycopy(data, 0, all, PREFIX.length, data.length);
    System.arraycopy(END, 0, all, PREFIX.length + data.length, END.length);
    out.write(all);
    out.flush();
  }
}
