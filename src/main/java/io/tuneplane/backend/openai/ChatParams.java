package io.tuneplane.backend.openai;

import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageParam;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionSystemMessageParam;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.ChatCompletionUserMessageParam;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.dataset.Message;
import java.util.List;

/// Says a chat request in OpenAI's words: always streamed, with the usage at the end.
final class ChatParams {

  private ChatParams() {}

  /// @param official whether this is OpenAI itself: newer models take `max_completion_tokens` only,
  ///   other hosts know `max_tokens`
  static ChatCompletionCreateParams of(String model, ChatRequest request, boolean official) {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder()
            .model(model)
            .messages(request.messages().stream().map(ChatParams::message).toList())
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    request
        .maxTokens()
        .ifPresent(n -> {
          if (official) {
            params.maxCompletionTokens(n);
          } else {
            maxTokens(params, n);
          }
        });
    request.temperature().ifPresent(params::temperature);
    request.topP().ifPresent(params::topP);
    request.seed().ifPresent(seed -> seed(params, seed));
    request.topLogprobs().ifPresent(n -> params.logprobs(true).topLogprobs(n));
    if (!request.stop().isEmpty()) {
      params.stopOfStrings(request.stop());
    }
    return params.build();
  }

  @SuppressWarnings("deprecation") // By OpenAI, not by those who copied its API.
  private static void maxTokens(ChatCompletionCreateParams.Builder params, int tokens) {
    params.maxTokens(tokens);
  }

  @SuppressWarnings("deprecation") // It still works, and there is no other way to ask for it.
  private static void seed(ChatCompletionCreateParams.Builder params, long seed) {
    params.seed(seed);
  }

  private static ChatCompletionMessageParam message(Message message) {
    String content = message.content().orElse("");
    return switch (message.role()) {
      case "system" ->
          ChatCompletionMessageParam.ofSystem(
              ChatCompletionSystemMessageParam.builder().content(content).build());
      case "user" -> ChatCompletionMessageParam.ofUser(user(message, content));
      case "assistant" -> ChatCompletionMessageParam.ofAssistant(assistant(message));
      case "tool" ->
          ChatCompletionMessageParam.ofTool(
              ChatCompletionToolMessageParam.builder()
                  .content(content)
                  .toolCallId(message.toolCallId().orElse(""))
                  .build());
      default ->
          throw Failures.rejected(
              "chat",
              "messages",
              "role must be system, user, assistant or tool, not " + message.role());
    };
  }

  private static ChatCompletionUserMessageParam user(Message message, String content) {
    ChatCompletionUserMessageParam.Builder user =
        ChatCompletionUserMessageParam.builder().content(content);
    message.name().ifPresent(user::name);
    return user.build();
  }

  private static ChatCompletionAssistantMessageParam assistant(Message message) {
    ChatCompletionAssistantMessageParam.Builder assistant =
        ChatCompletionAssistantMessageParam.builder();
    message.content().ifPresent(assistant::content);
    message.name().ifPresent(assistant::name);
    List<JsonValue> calls = message.toolCalls().stream().map(JsonValue::fromJsonNode).toList();
    if (!calls.isEmpty()) {
      assistant.putAdditionalProperty("tool_calls", JsonValue.from(calls));
    }
    return assistant.build();
  }
}
