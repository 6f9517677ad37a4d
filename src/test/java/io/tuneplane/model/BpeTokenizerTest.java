package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTokenizerTest {

  private static BpeTokenizer tokenizer(ObjectNode json) {
    return new BpeTokenizer(TokenizerJson.of(json, "test"), "test");
  }

  /// Qwen's way: special and other added tokens after the vocabulary, whose ids depend on the
  /// order.
  private static ObjectNode withTokensAfterTheVocabulary() {
    ObjectNode json = TinyTokenizer.json();
    int next = TinyTokenizer.tokens().size();
    ArrayNode added = (ArrayNode) json.path("added_tokens");
    for (String content : List.of("<|extra|>", "<tool_call>", "<|last|>")) {
      added
          .addObject()
          .put("id", next++)
          .put("content", content)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", content.startsWith("<|"));
    }
    return json;
  }

  @Test
  void ordinaryTextKeepsTheIdsOfOtherAddedTokens() {
    try (Tokenizer tokenizer = tokenizer(withTokensAfterTheVocabulary())) {
      int toolCall = TinyTokenizer.tokens().size() + 1;
      assertThat(tokenizer.encode("<|extra|><tool_call><|last|>"))
          .containsExactly(toolCall - 1, toolCall, toolCall + 1);
      int[] ordinary = tokenizer.encodeOrdinary("<|extra|><tool_call><|last|>");
      assertThat(ordinary).contains(toolCall).doesNotContain(toolCall - 1, toolCall + 1);
      assertThat(tokenizer.decode(ordinary)).isEqualTo("<|extra|><tool_call><|last|>");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000 nul", "a\uD83Db", "\uFFFD\uFFFD", "x\r\n\ty", "<|im_end|>"})
  void oddTextsComeBack(String text) {
    try (Tokenizer tokenizer = tokenizer(TinyTokenizer.json())) {
      String wellFormed = text.replace('\uD83D', '\uFFFD');
      assertThat(tokenizer.decode(tokenizer.encodeOrdinary(text))).isEqualTo(wellFormed);
    }
  }

  @Test
  void streamedTextIsTheWholeTextAndNeverHalfACharacter() {
    try (Tokenizer tokenizer = tokenizer(TinyTokenizer.json())) {
      String text = "día 日本 👍🏽 end";
      Tokenizer.StreamDecoder decoder = tokenizer.streamDecoder();
      StringBuilder streamed = new StringBuilder();
      for (int id : tokenizer.encode(text)) {
        String piece = decoder.next(id);
        assertThat(piece).doesNotContain("\uFFFD");
        streamed.append(piece);
      }
      assertThat(streamed.append(decoder.end())).hasToString(text);
    }
  }

  @Test
  void idsThatDoNotExistDecodeToNothing() {
    try (Tokenizer tokenizer = tokenizer(TinyTokenizer.json())) {
      assertThat(tokenizer.decode(new int[] {-1, 1_000_000, 1})).isEmpty();
    }
  }

  @Test
  void manyThreadsMayEncodeAndAClosedOneSaysSo() throws Exception {
    Tokenizer tokenizer = tokenizer(TinyTokenizer.json());
    int[] expected = tokenizer.encode("the end of the day");
    List<Callable<int[]>> tasks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      tasks.add(() -> tokenizer.encode("the end of the day"));
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<int[]> ids : executor.invokeAll(tasks)) {
        assertThat(ids.get()).isEqualTo(expected);
      }
    }
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("x")).isInstanceOf(IllegalStateException.class);
  }

  /// A byte-fallback tokenizer as Llama 2 and Mistral have it.
  private static ObjectNode sentencePiece() {
    ObjectNode json = ModelJson.MAPPER.createObjectNode().put("version", "1.0");
    ArrayNode added = json.putArray("added_tokens");
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (String special : tokens) {
      added
          .addObject()
          .put("id", added.size())
          .put("content", special)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    ArrayNode normalizers =
        json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    normalizers.addObject().put("type", "Prepend").put("prepend", "▁");
    replace(normalizers.addObject(), " ", "▁");
    ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
    replace(decoders.addObject(), "▁", " ");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
    }
    tokens.addAll(List.of("▁", "a", "b", "c", "▁a", "▁ab"));
    ObjectNode model =
        json.putObject("model")
            .put("type", "BPE")
            .put("unk_token", "<unk>")
            .put("fuse_unk", true)
            .put("byte_fallback", true);
    ObjectNode vocabulary = model.putObject("vocab");
    tokens.forEach(t -> vocabulary.put(t, vocabulary.size()));
    model.putArray("merges").add("▁ a").add("▁a b");
    return json;
  }

  private static void replace(ObjectNode node, String from, String to) {
    node.put("type", "Replace").putObject("pattern").put("String", from);
    node.put("content", to);
  }

  @Test
  void sentencePieceTextsComeBackWithoutThePrependedSpace() {
    try (Tokenizer tokenizer = tokenizer(sentencePiece())) {
      String text = "ab c\n日 ab";
      int[] ids = tokenizer.encode(text);
      assertThat(ids).startsWith(tokenizer.id("▁ab").orElseThrow());
      assertThat(tokenizer.decode(ids)).isEqualTo(text);
      assertThat(tokenizer.decode(tokenizer.encode(" ab"))).isEqualTo(" ab");
      assertThat(tokenizer.encode("</s>")).endsWith(2);
      assertThat(tokenizer.encodeOrdinary("</s>")).doesNotContain(0, 1, 2);
      assertThat(tokenizer.decode(tokenizer.encodeOrdinary("</s>"))).isEqualTo("</s>");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/model/type, Unigram, of type 'Unigram' is not supported",
    "/decoder/type, WordPiece, a decoder of type 'WordPiece'",
    "/model/dropout, 0.1, model.dropout is not supported",
    "/model/end_of_word_suffix, </w>, model.end_of_word_suffix",
    "/model/vocab/!, -5, is not a token's id",
    "/model/vocab/!, 99999999, is not a token's id",
    "/model/vocab, x, must be an object",
    "/model/merges, x, must be a list"
  })
  void whatIsNotSupportedIsRefusedByName(String pointer, String value, String message) {
    ObjectNode json = TinyTokenizer.json();
    int slash = pointer.lastIndexOf('/');
    ObjectNode parent = (ObjectNode) json.at(pointer.substring(0, slash));
    String key = pointer.substring(slash + 1);
    if (value.matches("-?[0-9]+")) {
      parent.put(key, Integer.parseInt(value));
    } else {
      parent.put(key, value);
    }
    assertThatThrownBy(() -> tokenizer(json))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void mergesOfUnknownTokensAreRefusedByTheLibrary() {
    ObjectNode json = TinyTokenizer.json();
    ((ArrayNode) json.at("/model/merges")).add("no such");
    assertThatThrownBy(() -> tokenizer(json))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the tokenizer library refuses it");
  }
}
