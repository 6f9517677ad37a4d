package io.tuneplane.backend.vertex;

import static io.tuneplane.backend.vertex.VertexSettings.NAME;

import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.Part;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import java.util.List;
import java.util.Optional;

/// Takes the events of one answer to the sink. Used by one thread.
final class ChatStream {

  private final ChatSink sink;
  private Optional<String> finish = Optional.empty();
  private int promptTokens;
  private int completionTokens;
  private int cachedTokens;

  ChatStream(ChatSink sink) {
    this.sink = sink;
  }

  /// Reads to the end, or until nobody wants the rest.
  ///
  /// @throws BackendException.Unavailable if the answer breaks off
  /// @throws BackendException.Rejected if the prompt is blocked; nothing was said then
  ChatSummary read(Iterable<GenerateContentResponse> events) {
    for (GenerateContentResponse event : events) {
      take(event);
      if (finish.isEmpty() && sink.cancelled()) {
        return summary("cancelled");
      }
    }
    return summary(
        finish
            .map(ChatTranslation::finishReason)
            .orElseThrow(() ->
                new BackendException.Unavailable(
                    NAME, "chat", "the answer broke off before its end")));
  }

  /// What has been used when the caller stopped listening.
  ChatSummary cancelled() {
    return summary("cancelled");
  }

  private void take(GenerateContentResponse event) {
    event.usageMetadata().ifPresent(this::usage);
    event
        .promptFeedback()
        .flatMap(f -> f.blockReason())
        .ifPresent(reason -> {
          throw Failures.rejected("chat", "messages", "Vertex AI blocked the prompt: " + reason);
        });
    for (Candidate candidate : event.candidates().orElse(List.of())) {
      candidate.content().flatMap(Content::parts).orElse(List.of()).forEach(this::say);
      candidate.finishReason().ifPresent(reason -> finish = Optional.of(reason.toString()));
    }
  }

  private void say(Part part) {
    boolean thought = part.thought().orElse(false);
    part.text().filter(text -> !text.isEmpty() && !thought).ifPresent(sink::text);
  }

  // The figures of each event are those of the whole answer so far.
  private void usage(GenerateContentResponseUsageMetadata usage) {
    usage.promptTokenCount().ifPresent(n -> promptTokens = n);
    usage.cachedContentTokenCount().ifPresent(n -> cachedTokens = n);
    usage
        .candidatesTokenCount()
        .ifPresent(n -> completionTokens = n + usage.thoughtsTokenCount().orElse(0));
  }

  private ChatSummary summary(String reason) {
    return new ChatSummary(reason, promptTokens, completionTokens, cachedTokens);
  }
}
