package io.tuneplane.backend;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.dataset.Message;
import java.nio.charset.StandardCharsets;

/// A chat request in OpenAI's JSON, as our runner and vLLM read it: always streamed, with the usage
/// at the end.
public final class CompletionBody {

  private CompletionBody() {}

  /// The request, asked of a model that the server knows by this name.
  public static byte[] of(String model, ChatRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", model).put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    ArrayNode messages = body.putArray("messages");
    request.messages().forEach(m -> messages.add(message(m)));
    request.maxTokens().ifPresent(n -> body.put("max_tokens", n));
    request.temperature().ifPresent(t -> body.put("temperature", t));
    request.topP().ifPresent(p -> body.put("top_p", p));
    request.seed().ifPresent(s -> body.put("seed", s));
    if (!request.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      request.stop().forEach(stop::add);
    }
    request.topLogprobs().ifPresent(n -> body.put("logprobs", true).put("top_logprobs", n));
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode message(Message message) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", message.role());
    message.content().ifPresentOrElse(c -> node.put("content", c), () -> node.putNull("content"));
    message.name().ifPresent(n -> node.put("name", n));
    message.toolCallId().ifPresent(id -> node.put("tool_call_id", id));
    if (!message.toolCalls().isEmpty()) {
      node.putArray("tool_calls").addAll(message.toolCalls());
    }
    return node;
  }
}
