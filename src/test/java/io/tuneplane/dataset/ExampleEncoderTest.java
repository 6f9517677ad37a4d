package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.model.ChatTemplate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExampleEncoderTest {

  private static final Message SYSTEM = Message.of("system", "Be brief.");
  private static final Message ASK = Message.of("user", "Where is it?");
  private static final Message ANSWER = Message.of("assistant", "On its way.");

  private final WordTokenizer tokenizer = new WordTokenizer();

  @Test
  void marksTheAnswerAndTheTokenThatEndsTheTurn() {
    Encoded encoded = encoder(TestTemplates.chatMl()).encode(chat(SYSTEM, ASK, ANSWER));
    assertThat(tokenizer.text(encoded, true)).isEqualTo("On its way.<|im_end|>");
    assertThat(encoded.truncated()).isFalse();
  }

  @Test
  void marksEveryAnswerOfTheConversation() {
    Message second = Message.of("assistant", "Tomorrow.");
    Encoded encoded = encoder(TestTemplates.chatMl()).encode(chat(ASK, ANSWER, ASK, second));
    assertThat(tokenizer.text(encoded, true)).isEqualTo("On its way.<|im_end|>Tomorrow.<|im_end|>");
  }

  @Test
  void leavesOutATurnOfWeightZero() {
    Message ignored = weighted("On its way.", 0);
    Message learnt = weighted("Tomorrow.", 1);
    Encoded encoded = encoder(TestTemplates.chatMl()).encode(chat(ASK, ignored, ASK, learnt));
    assertThat(tokenizer.text(encoded, true)).isEqualTo("Tomorrow.<|im_end|>");
  }

  @Test
  void cutsAtTheEnd() {
    ExampleEncoder whole = encoder(TestTemplates.chatMl());
    int length = whole.encode(chat(ASK, ANSWER)).tokens().length;
    Encoded cut =
        new ExampleEncoder(tokenizer, TestTemplates.chatMl(), length - 3).encode(chat(ASK, ANSWER));
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.tokens()).hasSize(length - 3);
    assertThat(tokenizer.text(cut, true)).isEqualTo("On its way");
  }

  @Test
  void beginsWithTheServersPromptEvenWhereTheAnswerMergesWithItsHeader() {
    ExampleEncoder encoder = encoder(TestTemplates.chatMl());
    Encoded encoded = encoder.encode(chat(ASK, Message.of("assistant", "\nOn its way.")));
    assertThat(encoded.tokens()).startsWith(encoder.prompt(List.of(ASK), List.of()));
    assertThat(tokenizer.text(encoded, true)).isEqualTo("\nOn its way.<|im_end|>");
  }

  @Test
  void findsEarlierAnswersThatTheTemplateRewrites() {
    Encoded encoded =
        encoder(TestTemplates.withReasoningInTheLastAnswer())
            .encode(chat(ASK, ANSWER, ASK, Message.of("assistant", "<")));
    assertThat(tokenizer.text(encoded, true))
        .isEqualTo("On its way.<|im_end|><think></think>\n<<|im_end|>");
  }

  @Test
  void endsTheTurnBeforeTheTokenThatEndsTheConversation() {
    Encoded encoded = encoder(TestTemplates.withEndOfText()).encode(chat(ASK, ANSWER, ASK, ANSWER));
    assertThat(tokenizer.text(encoded, true))
        .isEqualTo("On its way.<|im_end|>On its way.<|im_end|>");
  }

  @Test
  void refusesAHeaderThatTheServerWouldNotAskWith() {
    ExampleEncoder encoder = encoder(TestTemplates.withOtherHeader());
    assertThatThrownBy(() -> encoder.encode(chat(ASK, ANSWER)))
        .isInstanceOf(EncodingException.class)
        .hasMessageContaining("message 1")
        .hasMessageContaining("training would not match serving");
  }

  @Test
  void learnsAGreetingToNobody() {
    Encoded encoded = encoder(TestTemplates.chatMl()).encode(chat(ANSWER, ASK, ANSWER));
    assertThat(tokenizer.text(encoded, true))
        .isEqualTo("On its way.<|im_end|>On its way.<|im_end|>");
  }

  @Test
  void refusesMoreTurnsThanItCanRenderInTime() {
    List<Message> many = Collections.nCopies(Answers.MAX_MESSAGES + 1, ANSWER);
    ExampleEncoder encoder = encoder(TestTemplates.chatMl());
    assertThatThrownBy(() -> encoder.encode(new Example.Chat(many, List.of())))
        .isInstanceOf(EncodingException.class)
        .hasMessageContaining("2048");
  }

  @Test
  void givesBothSidesOfAPairTheSamePrompt() {
    EncodedPair pair =
        encoder(TestTemplates.chatMl())
            .encode(
                new Example.Preference(
                    List.of(ASK, ANSWER, ASK),
                    List.of(ANSWER),
                    List.of(Message.of("assistant", "\nWho knows.")),
                    List.of()));
    assertThat(tokenizer.text(pair.preferred(), true)).isEqualTo("On its way.<|im_end|>");
    assertThat(tokenizer.text(pair.nonPreferred(), true)).isEqualTo("\nWho knows.<|im_end|>");
    int n = pair.promptTokens();
    assertThat(Arrays.copyOf(pair.preferred().tokens(), n))
        .isEqualTo(Arrays.copyOf(pair.nonPreferred().tokens(), n))
        .isEqualTo(encoder(TestTemplates.chatMl()).prompt(List.of(ASK, ANSWER, ASK), List.of()));
  }

  @Test
  void seesSpecialTokensInContent() {
    ExampleEncoder encoder = encoder(TestTemplates.chatMl());
    assertThat(encoder.holdsSpecialTokens("say <|im_end|> now")).isTrue();
    assertThat(encoder.holdsSpecialTokens("say <im_end> now")).isFalse();
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyAnswersContextIsTheServersPrompt(int seed) {
    Random random = new Random(seed);
    Message[] turns = new Message[2 * (1 + random.nextInt(4))];
    for (int i = 0; i < turns.length; i++) {
      turns[i] = Message.of(i % 2 == 0 ? "user" : "assistant", words(random));
    }
    ExampleEncoder encoder = encoder(TestTemplates.chatMl());
    Encoded encoded = encoder.encode(chat(turns));
    StringBuilder answers = new StringBuilder();
    for (int i = 1; i < turns.length; i += 2) {
      int[] prompt = encoder.prompt(List.of(turns).subList(0, i), List.of());
      assertThat(encoded.tokens()).startsWith(prompt);
      assertThat(encoded.target()[prompt.length]).isTrue();
      assertThat(encoded.target()[prompt.length - 1]).isFalse();
      answers.append(turns[i].content().orElseThrow()).append("<|im_end|>");
    }
    assertThat(tokenizer.text(encoded, true)).isEqualTo(answers.toString());
  }

  private static String words(Random random) {
    String[] words = {"red", "ö", "<", "|im_end|", "\n", " ", "7", "{{ x }}", "."};
    StringBuilder out = new StringBuilder("w");
    for (int i = random.nextInt(12); i > 0; i--) {
      out.append(words[random.nextInt(words.length)]);
    }
    return out.append("e").toString();
  }

  private ExampleEncoder encoder(ChatTemplate template) {
    return new ExampleEncoder(tokenizer, template, 10_000);
  }

  private static Example.Chat chat(Message... messages) {
    return new Example.Chat(List.of(messages), List.of());
  }

  private static Message weighted(String content, int weight) {
    return new Message(
        "assistant",
        Optional.of(content),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.of(weight));
  }
}
