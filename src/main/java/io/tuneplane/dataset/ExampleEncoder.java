package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.model.ChatTemplate;
import io.tuneplane.model.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Templates and tokenises examples, and marks the tokens that are learnt: those of the assistant's
/// turns whose weight is not 0, up to and including the token that ends the turn (`<|im_end|>`, not
/// the newline after it). The one place that does so: the checks, the trainer and the server all
/// use it. Safe for many threads.
///
/// The text is cut at the start and the end of each answer and tokenised piece by piece, so that
/// what precedes an answer has the ids that the server's prompt has, even where the first letters
/// of the answer would merge with the end of its header.
///
/// Special tokens that are written out in a message become their ids, as in `transformers`: the ids
/// are the same there, here and in the server. The checks warn of such content.
public final class ExampleEncoder {

  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final Answers answers;
  private final int maxTokens;
  private final int filler;
  private final ConcurrentHashMap<Integer, String> texts = new ConcurrentHashMap<>();

  /// Makes an encoder for one model.
  ///
  /// @param maxTokens the longest example; what is beyond it is cut off at the end
  public ExampleEncoder(Tokenizer tokenizer, ChatTemplate template, int maxTokens) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.answers = new Answers(template);
    this.maxTokens = maxTokens;
    int[] x = tokenizer.encodeOrdinary("x");
    this.filler = x[x.length - 1];
  }

  /// The ids that a server would feed to the model for these turns, ending in the header of the
  /// assistant's answer. Never cut.
  public int[] prompt(List<Message> messages, List<JsonNode> tools) {
    return tokenizer.encode(template.render(TemplateMessages.of(messages), tools, true));
  }

  /// The whole conversation, every answer marked whose weight is not 0.
  ///
  /// @throws EncodingException if the template renders an answer otherwise than a server asks
  /// @throws io.tuneplane.model.TemplateException if the template refuses the conversation
  public Encoded encode(Example.Chat chat) {
    return cut(pieces(chat.messages(), chat.tools(), 0));
  }

  /// Both sides of a pair. Only the answers are marked, never the prompt's own turns.
  ///
  /// @throws EncodingException if the template renders an answer otherwise than a server asks
  /// @throws io.tuneplane.model.TemplateException if the template refuses the conversation
  public EncodedPair encode(Example.Preference pair) {
    Pieces preferred = side(pair.prompt(), pair.preferred(), pair.tools());
    Pieces other = side(pair.prompt(), pair.nonPreferred(), pair.tools());
    int shared = Math.min(preferred.firstAnswer(), other.firstAnswer());
    if (!Arrays.equals(preferred.ids, 0, shared, other.ids, 0, shared)
        || preferred.firstAnswer() != other.firstAnswer()) {
      throw new EncodingException(
          "the chat template renders the prompt differently for each answer");
    }
    return new EncodedPair(cut(preferred), cut(other), shared);
  }

  /// Whether the text holds a special token of this tokenizer, written out.
  public boolean holdsSpecialTokens(String text) {
    return !Arrays.equals(tokenizer.encode(text), tokenizer.encodeOrdinary(text));
  }

  /// The longest example, in tokens.
  public int maxTokens() {
    return maxTokens;
  }

  private Pieces side(List<Message> prompt, List<Message> answer, List<JsonNode> tools) {
    List<Message> all = new ArrayList<>(prompt);
    all.addAll(answer);
    return pieces(all, tools, prompt.size());
  }

  private Pieces pieces(List<Message> messages, List<JsonNode> tools, int from) {
    Answers.Rendered rendered = answers.render(messages, tools, from);
    Pieces pieces = new Pieces();
    int at = 0;
    boolean endFollows = false;
    for (Answers.Span span : rendered.answers()) {
      pieces.add(tokenizer.encode(rendered.text().substring(at, span.start())), endFollows);
      int[] ids = tokenizer.encode(rendered.text().substring(span.start(), span.end()));
      pieces.answer(ids, span.bare() ? ids.length : learnt(ids, span.calls()));
      endFollows = span.bare();
      at = span.end();
    }
    pieces.add(tokenizer.encode(rendered.text().substring(at)), endFollows);
    requireSameText(pieces, rendered.text());
    return pieces;
  }

  /// A tokenizer that adds a space to the start of each piece, say, would train on other text.
  private void requireSameText(Pieces pieces, String text) {
    int[] whole = tokenizer.encode(text);
    if (!Arrays.equals(whole, pieces.ids)
        && !tokenizer.decode(whole).equals(tokenizer.decode(pieces.ids))) {
      throw new EncodingException(
          "the tokenizer gives other text when the conversation is cut at its answers");
    }
  }

  /// How many of an answer's ids are learnt: up to the first special token of its tail, or the last
  /// one after tool calls, whose own marks may be special too; all where no token ends the turn.
  private int learnt(int[] ids, boolean calls) {
    int end = ids.length;
    boolean found = false;
    for (int i = ids.length - 1; i >= 0 && text(ids[i]).isBlank(); i--) {
      if (text(ids[i]).isEmpty() && !(calls && found)) {
        end = i + 1;
        found = true;
      }
    }
    return end;
  }

  /// What the token decodes to between two others; nothing for a special token. Alone, a token that
  /// is a space decodes to nothing in some vocabularies.
  private String text(int id) {
    return texts.computeIfAbsent(
        id,
        i -> {
          String alone = tokenizer.decode(new int[] {filler, filler});
          String with = tokenizer.decode(new int[] {filler, i, filler});
          return with.equals(alone) ? "" : with.substring(1, Math.max(1, with.length() - 1));
        });
  }

  private Encoded cut(Pieces pieces) {
    boolean truncated = pieces.ids.length > maxTokens;
    int n = Math.min(pieces.ids.length, maxTokens);
    return new Encoded(Arrays.copyOf(pieces.ids, n), Arrays.copyOf(pieces.target, n), truncated);
  }

  /// Ids and marks as they grow.
  private final class Pieces {
    private int[] ids = new int[0];
    private boolean[] target = new boolean[0];
    private int first = -1;

    /// Context. Where an answer ended bare, the token that ends its turn is the first here, and is
    /// learnt.
    void add(int[] more, boolean endFollows) {
      int at = append(more);
      for (int i = 0; endFollows && i < more.length && text(more[i]).isBlank(); i++) {
        if (text(more[i]).isEmpty()) {
          target[at + i] = true;
          return;
        }
      }
    }

    void answer(int[] more, int learnt) {
      int at = append(more);
      first = first < 0 ? at : first;
      // The first token of all is predicted from nothing.
      Arrays.fill(target, Math.max(at, 1), Math.max(at + learnt, 1), true);
    }

    int firstAnswer() {
      return first < 0 ? ids.length : first;
    }

    private int append(int[] more) {
      int at = ids.length;
      ids = Arrays.copyOf(ids, at + more.length);
      target = Arrays.copyOf(target, at + more.length);
      System.arraycopy(more, 0, ids, at, more.length);
      return at;
    }
  }
}
