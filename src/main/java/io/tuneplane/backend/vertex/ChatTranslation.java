package io.tuneplane.backend.vertex;

import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.dataset.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A request in chat completions' terms as one of generateContent, and why an answer ended.
final class ChatTranslation {

  private ChatTranslation() {}

  /// The conversation without its system messages.
  ///
  /// @throws io.tuneplane.backend.BackendException.Rejected for what generateContent has no place
  ///   for
  static List<Content> contents(ChatRequest request) {
    List<Content> contents = new ArrayList<>();
    for (Message message : afterSystem(request.messages())) {
      contents.add(content(role(message), text(message)));
    }
    if (contents.isEmpty()) {
      throw rejected("messages", "there is no turn to answer");
    }
    return contents;
  }

  /// Everything else.
  ///
  /// @param tuned whether a tuned model is asked: Google recommends to switch its thinking off
  static GenerateContentConfig config(ChatRequest request, boolean tuned) {
    if (request.topLogprobs().isPresent()) {
      throw rejected("logprobs", "are not passed on from Vertex AI; leave them out");
    }
    GenerateContentConfig.Builder config = GenerateContentConfig.builder();
    String system =
        request.messages().stream()
            .takeWhile(ChatTranslation::isSystem)
            .map(ChatTranslation::text)
            .collect(Collectors.joining("\n\n"));
    if (!system.isEmpty()) {
      config.systemInstruction(content("system", system));
    }
    request.maxTokens().ifPresent(config::maxOutputTokens);
    request.temperature().ifPresent(t -> config.temperature((float) t));
    request.topP().ifPresent(p -> config.topP((float) p));
    request.seed().ifPresent(seed -> config.seed(seed(seed)));
    if (!request.stop().isEmpty()) {
      config.stopSequences(request.stop());
    }
    if (tuned) {
      config.thinkingConfig(ThinkingConfig.builder().thinkingBudget(0).build());
    }
    return config.build();
  }

  /// Why an answer ended, in chat completions' words.
  static String finishReason(String google) {
    return switch (google) {
      case "MAX_TOKENS" -> "length";
      case "SAFETY",
          "RECITATION",
          "LANGUAGE",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "IMAGE_SAFETY" ->
          "content_filter";
      default -> "stop";
    };
  }

  private static List<Message> afterSystem(List<Message> messages) {
    return messages.stream().dropWhile(ChatTranslation::isSystem).toList();
  }

  private static boolean isSystem(Message message) {
    return message.role().equals("system") || message.role().equals("developer");
  }

  private static String role(Message message) {
    return switch (message.role()) {
      case "user" -> "user";
      case "assistant" -> "model";
      case "system", "developer" ->
          throw rejected("messages", "Vertex AI takes system messages before all others");
      default ->
          throw rejected(
              "messages", "the role " + message.role() + " is not passed on to Vertex AI");
    };
  }

  private static String text(Message message) {
    if (!message.toolCalls().isEmpty()) {
      throw rejected("messages", "tool calls are not passed on to Vertex AI");
    }
    return message.content().orElse("");
  }

  private static Content content(String role, String text) {
    return Content.builder().role(role).parts(List.of(Part.fromText(text))).build();
  }

  private static int seed(long seed) {
    if (seed != (int) seed) {
      throw rejected("seed", "must fit in 32 bits for Vertex AI, not " + seed);
    }
    return (int) seed;
  }

  private static RuntimeException rejected(String field, String words) {
    return Failures.rejected("chat", field, words);
  }
}
