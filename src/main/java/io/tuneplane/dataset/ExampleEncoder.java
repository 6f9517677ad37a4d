package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.ChatTemplate;
import io.tuneplane.model.Tokenizer;
import java.util.List;

/// Templates and tokenises examples, and marks the tokens that are learnt: those of the assistant's
/// turns whose weight is not 0, up to and including the token that ends the turn. The one place
/// that does so: the checks, the trainer and the server all use it. Safe for many threads.
public final class ExampleEncoder {

  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final int maxTokens;

  /// @param maxTokens the longest example; what is beyond it is cut off at the end
  public ExampleEncoder(Tokenizer tokenizer, ChatTemplate template, int maxTokens) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.maxTokens = maxTokens;
  }

  /// The ids that a server would feed to the model for these turns, ending in the header of the
  /// assistant's answer. Never cut.
  public int[] prompt(List<Message> messages, List<JsonNode> tools) {
    return tokenizer.encode(
        template.render(messages.stream().map(ExampleEncoder::json).toList(), tools, true));
  }

  private static JsonNode json(Message message) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("role", message.role());
    message.content().ifPresent(c -> node.put("content", c));
    return node;
  }

  /// The longest example, in tokens.
  public int maxTokens() {
    return maxTokens;
  }
}
