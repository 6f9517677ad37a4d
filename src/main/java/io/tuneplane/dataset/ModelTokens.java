package io.tuneplane.dataset;

import io.tuneplane.model.ChatTemplate;
import io.tuneplane.model.Tokenizer;
import java.util.List;
import java.util.stream.Stream;

/// Counts with an open model's own tokenizer and chat template: exactly what is trained on.
public final class ModelTokens implements TokenCounter {

  private final String name;
  private final int maxTokens;
  private final ExampleEncoder whole;

  /// Makes a counter for one model.
  ///
  /// @param name the model's name, for reports
  /// @param maxTokens the longest example: the model's context, or what the job sets
  public ModelTokens(String name, Tokenizer tokenizer, ChatTemplate template, int maxTokens) {
    this.name = name;
    this.maxTokens = maxTokens;
    this.whole = new ExampleEncoder(tokenizer, template, Integer.MAX_VALUE);
  }

  @Override
  public String tokenizer() {
    return name;
  }

  @Override
  public Count count(Example example) {
    return switch (example) {
      case Example.Chat chat -> {
        Encoded encoded = whole.encode(chat);
        yield new Count(encoded.tokens().length, tooLong(encoded), learns(encoded));
      }
      case Example.Preference pair -> {
        EncodedPair encoded = whole.encode(pair);
        Encoded better = encoded.preferred();
        Encoded worse = encoded.nonPreferred();
        yield new Count(
            better.tokens().length + worse.tokens().length - encoded.promptTokens(),
            tooLong(better) || tooLong(worse),
            learns(better) && learns(worse));
      }
    };
  }

  private boolean tooLong(Encoded encoded) {
    return encoded.tokens().length > maxTokens;
  }

  private boolean learns(Encoded encoded) {
    boolean[] target = encoded.target();
    for (int i = 0; i < Math.min(target.length, maxTokens); i++) {
      if (target[i]) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean holdsSpecialTokens(Example example) {
    return messages(example)
        .flatMap(m -> m.content().stream())
        .anyMatch(c -> mayHoldOne(c) && whole.holdsSpecialTokens(c));
  }

  /// Whether a look is worth it: special tokens are written in brackets in every vocabulary we
  /// know.
  private static boolean mayHoldOne(String content) {
    return content.indexOf('<') >= 0 || content.indexOf('[') >= 0;
  }

  private static Stream<Message> messages(Example example) {
    return switch (example) {
      case Example.Chat chat -> chat.messages().stream();
      case Example.Preference pair ->
          Stream.of(pair.prompt(), pair.preferred(), pair.nonPreferred()).flatMap(List::stream);
    };
  }
}
