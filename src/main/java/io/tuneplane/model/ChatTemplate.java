package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// A model's chat template: renders a conversation exactly as `transformers` renders it. Message
/// content is never interpreted. Safe for many threads.
public interface ChatTemplate {

  /// The text of the conversation.
  ///
  /// @param messages objects with `role`, `content` and whatever else the template reads
  /// @param tools tool definitions; empty for none
  /// @param addGenerationPrompt whether to end with the header of the assistant's next turn
  /// @throws TemplateException if the template raises, or uses what this renderer does not support
  String render(List<JsonNode> messages, List<JsonNode> tools, boolean addGenerationPrompt);

  /// SHA-256 of the template's source in hex; recorded with every adapter, since an adapter is only
  /// good with the template that it was trained with.
  String digest();

  /// The template's source.
  String source();
}
