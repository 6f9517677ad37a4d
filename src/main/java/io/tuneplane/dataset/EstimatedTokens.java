package io.tuneplane.dataset;

import java.util.List;

/// The section's estimate, for models whose tokenizer is not public (Gemini): code points of all
/// contents, divided by 4.
///
/// @param maxTokens the longest example
public record EstimatedTokens(int maxTokens) implements TokenCounter {

  @Override
  public String tokenizer() {
    return "estimate";
  }

  @Override
  public Count count(Example example) {
    long points =
        switch (example) {
          case Example.Chat chat -> points(chat.messages());
          case Example.Preference pair ->
              points(pair.prompt()) + points(pair.preferred()) + points(pair.nonPreferred());
        };
    int tokens = (int) (points / 4);
    return new Count(tokens, tokens > maxTokens, true);
  }

  private static long points(List<Message> messages) {
    return messages.stream()
        .flatMap(m -> m.content().stream())
        .mapToLong(c -> c.codePointCount(0, c.length()))
        .sum();
  }
}
