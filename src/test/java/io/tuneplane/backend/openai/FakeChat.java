package io.tuneplane.backend.openai;

import static io.tuneplane.backend.openai.FakeAnswer.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Streams answers of a [FakeOpenAi], and breaks off as it is told.
final class FakeChat {

  private static final String DONE = "data: [DONE]\n\n";

  /// How an answer goes wrong.
  enum Trouble {
    NONE,
    /// The connection breaks.
    RESET,
    /// The stream ends as if all were well, but the answer had no end.
    SILENT_END,
    /// An error event.
    ERROR_EVENT,
    /// Nothing more comes until the client goes.
    STALL
  }

  private final Trouble trouble;
  private final int after;
  private final CompletableFuture<Long> leftAt = new CompletableFuture<>();

  /// @param after how many pieces come before the trouble
  FakeChat(Trouble trouble, int after) {
    this.trouble = trouble;
    this.after = after;
  }

  /// When the client went, in the clock of `System.nanoTime`.
  CompletableFuture<Long> leftAt() {
    return leftAt;
  }

  void answer(HttpExchange exchange, JsonNode request) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    // A length that is never reached lets a broken connection show.
    exchange.sendResponseHeaders(200, trouble == Trouble.RESET ? 1 << 20 : 0);
    try (OutputStream out = exchange.getResponseBody()) {
      speak(out, request);
    } catch (IOException e) {
      leftAt.complete(System.nanoTime());
      throw e;
    }
  }

  private void speak(OutputStream out, JsonNode request) throws IOException {
    String said =
        request.path("messages").path(request.path("messages").size() - 1).path("content").asText();
    String[] words = ("You said: " + said).split("(?<= )", -1);
    int most = request.path("max_completion_tokens").asInt(request.path("max_tokens").asInt(1000));
    int count = Math.min(words.length, most);
    for (int i = 0; i < count; i++) {
      if (trouble != Trouble.NONE && i == after) {
        makeTrouble(out);
        return;
      }
      send(out, chunk(request, Optional.of(words[i]), Optional.empty()));
    }
    String reason = count == words.length ? "stop" : "length";
    send(out, chunk(request, Optional.empty(), Optional.of(reason)));
    send(out, usage(request, said, count));
    out.write(DONE.getBytes(StandardCharsets.UTF_8));
  }

  private void makeTrouble(OutputStream out) throws IOException {
    switch (trouble) {
      case NONE, RESET, SILENT_END -> out.flush();
      case ERROR_EVENT ->
          out.write(
              "data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n"
                  .getBytes(StandardCharsets.UTF_8));
      case STALL -> stall(out);
    }
  }

  private void stall(OutputStream out) throws IOException {
    CompletableFuture<Void> never = new CompletableFuture<>();
    while (true) {
      out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      try {
        never.get(20, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        // Goes on until the write fails.
      } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
        throw new IOException(e);
      }
    }
  }

  private static void send(OutputStream out, ObjectNode chunk) throws IOException {
    out.write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static ObjectNode chunk(
      JsonNode request, Optional<String> text, Optional<String> reason) {
    ObjectNode chunk = head(request);
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    ObjectNode delta = choice.putObject("delta");
    text.ifPresent(t -> delta.put("content", t));
    if (request.path("logprobs").asBoolean()) {
      ArrayNode tokens = choice.putObject("logprobs").putNull("refusal").putArray("content");
      text.ifPresent(t -> token(tokens, t).putArray("top_logprobs"));
      text.filter(_ -> request.path("top_logprobs").asInt() > 0)
          .ifPresent(t -> token((ArrayNode) tokens.get(0).path("top_logprobs"), t));
    }
    choice.put("finish_reason", reason.orElse(null));
    chunk.putNull("usage");
    return chunk;
  }

  private static ObjectNode token(ArrayNode to, String text) {
    ObjectNode token = to.addObject().put("token", text).put("logprob", -0.5);
    ArrayNode bytes = token.putArray("bytes");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xff);
    }
    return token;
  }

  private static ObjectNode usage(JsonNode request, String said, int count) {
    ObjectNode chunk = head(request);
    chunk.putArray("choices");
    int prompt = said.split(" ", -1).length;
    chunk
        .putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", count)
        .put("total_tokens", prompt + count)
        .putObject("prompt_tokens_details")
        .put("cached_tokens", 1);
    return chunk;
  }

  private static ObjectNode head(JsonNode request) {
    return JSON.createObjectNode()
        .put("id", "chatcmpl-1")
        .put("object", "chat.completion.chunk")
        .put("created", 1_790_000_000L)
        .put("model", request.path("model").asText());
  }
}
