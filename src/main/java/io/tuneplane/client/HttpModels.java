package io.tuneplane.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.DeploymentCard;
import io.tuneplane.api.Json;
import io.tuneplane.api.Logprobs;
import io.tuneplane.api.ModelCard;
import io.tuneplane.api.ModelsApi;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.TokenLogprob;
import io.tuneplane.dataset.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// Models of a server.
final class HttpModels implements ModelsApi {

  private static final String DONE = "[DONE]";

  private final Exchange exchange;

  HttpModels(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public List<ModelCard> list() {
    return Answers.list(exchange.get("/v1/models"), ModelCard.class);
  }

  @Override
  public ModelCard get(String model) {
    // A name with slashes is one part of the path.
    return Answers.as(exchange.get("/v1/models/" + Exchange.part(model)), ModelCard.class);
  }

  @Override
  public void delete(String model) {
    exchange.delete("/v1/models/" + Exchange.part(model));
  }

  @Override
  public List<DeploymentCard> deployments() {
    return Answers.list(exchange.get("/api/v1/deployments"), DeploymentCard.class);
  }

  @Override
  public ChatSummary chat(String model, ChatRequest request, ChatSink sink) {
    // Closing the stream early is what tells the server to stop.
    try (EventReader reader =
        new EventReader(exchange.ask("/v1/chat/completions", body(model, request)))) {
      return read(reader, sink);
    } catch (IOException e) {
      throw new UncheckedIOException("the answer broke off: " + e.getMessage(), e);
    }
  }

  private static ChatSummary read(EventReader reader, ChatSink sink) throws IOException {
    String reason = "cancelled";
    JsonNode usage = Json.mapper().createObjectNode();
    for (Optional<EventReader.Event> next = reader.next();
        next.isPresent() && !next.get().data().equals(DONE) && !sink.cancelled();
        next = reader.next()) {
      JsonNode chunk = Answers.json(next.get().data());
      if (chunk.has("error")) {
        throw Answers.error(500, chunk.toString());
      }
      String piece = chunk.at("/choices/0/delta/content").asText("");
      List<TokenLogprob> tokens = Logprobs.read(chunk.at("/choices/0/logprobs"));
      if (!tokens.isEmpty()) {
        sink.text(piece, tokens);
      } else if (!piece.isEmpty()) {
        sink.text(piece);
      }
      reason = chunk.at("/choices/0/finish_reason").asText(reason);
      usage = chunk.path("usage").isObject() ? chunk.path("usage") : usage;
    }
    return new ChatSummary(
        reason,
        usage.path("prompt_tokens").asInt(),
        usage.path("completion_tokens").asInt(),
        usage.at("/prompt_tokens_details/cached_tokens").asInt());
  }

  private static ObjectNode body(String model, ChatRequest request) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", model).put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    ArrayNode messages = body.putArray("messages");
    request.messages().forEach(message -> write(messages.addObject(), message));
    request.maxTokens().ifPresent(most -> body.put("max_completion_tokens", most));
    request.temperature().ifPresent(t -> body.put("temperature", t));
    request.topP().ifPresent(p -> body.put("top_p", p));
    request.seed().ifPresent(seed -> body.put("seed", seed));
    request.topLogprobs().ifPresent(n -> body.put("logprobs", true).put("top_logprobs", n));
    if (!request.stop().isEmpty()) {
      body.set("stop", Json.tree(request.stop()));
    }
    return body;
  }

  private static void write(ObjectNode node, Message message) {
    node.put("role", message.role());
    message.content().ifPresent(text -> node.put("content", text));
    message.name().ifPresent(name -> node.put("name", name));
    message.toolCallId().ifPresent(id -> node.put("tool_call_id", id));
    if (!message.toolCalls().isEmpty()) {
      node.set("tool_calls", Json.tree(message.toolCalls()));
    }
  }
}
