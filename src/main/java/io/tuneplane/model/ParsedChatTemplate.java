package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tuneplane.model.jinja.JinjaTemplate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A chat template with the variables that `transformers` gives it.
final class ParsedChatTemplate implements ChatTemplate {

  /// The names under which callers pass a model's reasoning; templates read the first.
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private final String source;
  private final JinjaTemplate template;
  private final Map<String, JsonNode> tokens = new HashMap<>();

  ParsedChatTemplate(String source, JinjaTemplate template, SpecialTokens tokens) {
    this.source = source;
    this.template = template;
    put("bos_token", tokens.bos());
    put("eos_token", tokens.eos());
    put("pad_token", tokens.pad());
    put("unk_token", tokens.unk());
  }

  private void put(String name, Optional<String> token) {
    token.ifPresent(t -> tokens.put(name, TextNode.valueOf(t)));
  }

  @Override
  public String render(List<JsonNode> messages, List<JsonNode> tools, boolean addGenerationPrompt) {
    Map<String, JsonNode> variables = new HashMap<>(tokens);
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    messages.forEach(m -> all.add(withReasoning(m)));
    variables.put("messages", all);
    variables.put(
        "tools",
        tools.isEmpty() ? NullNode.instance : JsonNodeFactory.instance.arrayNode().addAll(tools));
    variables.put("documents", NullNode.instance);
    variables.put("add_generation_prompt", BooleanNode.valueOf(addGenerationPrompt));
    return template.render(variables);
  }

  /// The message with its reasoning under the names that templates read, as `transformers` 5 puts
  /// it there (`_alias_reasoning_fields`).
  private static JsonNode withReasoning(JsonNode message) {
    Optional<JsonNode> reasoning =
        REASONING.stream().filter(message::hasNonNull).map(message::get).findFirst();
    if (reasoning.isEmpty()) {
      return message;
    }
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    named.set("thinking", reasoning.get());
    message.properties().forEach(p -> named.set(p.getKey(), p.getValue()));
    named.set("reasoning_content", reasoning.get());
    return named;
  }

  @Override
  public String digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String source() {
    return source;
  }
}
