package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Counts as OpenAI's cookbook does ("How to count tokens with tiktoken",
/// `num_tokens_from_messages`): 3 tokens a message, 1 more for a name, 3 for the start of the
/// answer, and the tokens of role, content and name. Special tokens in the text are counted as
/// plain text. OpenAI publishes no rule for tools: their JSON is counted as text.
public final class OpenAiTokens implements TokenCounter {

  private static final int PER_MESSAGE = 3;
  private static final int PER_NAME = 1;
  private static final int PER_ANSWER = 3;

  private final EncodingType type;
  private final Encoding encoding;
  private final int maxTokens;
  private final ConcurrentLinkedQueue<PieceCounts> idle = new ConcurrentLinkedQueue<>();

  private OpenAiTokens(EncodingType type, int maxTokens) {
    this.type = type;
    this.encoding = Encodings.newLazyEncodingRegistry().getEncoding(type);
    this.maxTokens = maxTokens;
  }

  /// The counter of gpt-4o, gpt-4.1 and later models.
  public static OpenAiTokens o200k(int maxTokens) {
    return new OpenAiTokens(EncodingType.O200K_BASE, maxTokens);
  }

  /// The counter of gpt-4 and gpt-3.5.
  public static OpenAiTokens cl100k(int maxTokens) {
    return new OpenAiTokens(EncodingType.CL100K_BASE, maxTokens);
  }

  /// The counter of an OpenAI model, by its name; a fine-tuned model counts as its base.
  public static OpenAiTokens ofModel(String model, int maxTokens) {
    String name = model.toLowerCase(Locale.ROOT);
    String base = name.startsWith("ft:") ? name.substring(3) : name;
    boolean older =
        base.startsWith("gpt-3.5")
            || base.equals("gpt-4")
            || base.startsWith("gpt-4-")
            || base.startsWith("babbage")
            || base.startsWith("davinci");
    return older ? cl100k(maxTokens) : o200k(maxTokens);
  }

  @Override
  public String tokenizer() {
    return encoding.getName();
  }

  @Override
  public Count count(Example example) {
    return switch (example) {
      case Example.Chat(List<Message> messages, List<JsonNode> tools) -> {
        int n = messages(messages) + PER_ANSWER + json(tools);
        yield counted(n, n);
      }
      case Example.Preference(
              List<Message> prompt,
              List<Message> preferred,
              List<Message> nonPreferred,
              List<JsonNode> tools) -> {
        int shared = messages(prompt) + PER_ANSWER + json(tools);
        int better = messages(preferred);
        int worse = messages(nonPreferred);
        yield counted(shared + better + worse, shared + Math.max(better, worse));
      }
    };
  }

  private Count counted(int tokens, int longest) {
    return new Count(tokens, longest > maxTokens, true);
  }

  private int messages(List<Message> messages) {
    int n = 0;
    for (Message m : messages) {
      n += PER_MESSAGE + text(m.role()) + m.content().map(this::text).orElse(0);
      n += m.name().map(name -> text(name) + PER_NAME).orElse(0);
      n += json(m.toolCalls()) + m.toolCallId().map(this::text).orElse(0);
    }
    return n;
  }

  private int json(List<JsonNode> nodes) {
    int n = 0;
    for (JsonNode node : nodes) {
      n += text(node.toString());
    }
    return n;
  }

  private int text(String text) {
    return switch (type) {
      case O200K_BASE -> o200kText(text);
      case CL100K_BASE, R50K_BASE, P50K_BASE, P50K_EDIT -> encoding.countTokensOrdinary(text);
    };
  }

  private int o200kText(String text) {
    PieceCounts free = idle.poll();
    PieceCounts counts = free == null ? new PieceCounts(encoding) : free;
    try {
      return counts.count(text);
    } finally {
      idle.add(counts);
    }
  }
}
