package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFolderTest {

  @TempDir Path temp;

  static Stream<TinyLlama> variants() {
    TinyLlama plain = TinyLlama.seeded(1);
    return Stream.of(
        plain,
        plain.withBiases(),
        plain.withLlama3Rope().withUntiedHead(),
        plain.inShards(3),
        plain.as(DType.BF16),
        plain.as(DType.F16).inShards(2).withBiases());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void readsWhatWasWritten(TinyLlama tiny) throws IOException {
    try (BaseModel model = Models.open(tiny.writeFolder(temp.resolve("m")))) {
      assertThat(model.config()).isEqualTo(tiny.config());
      tiny.values()
          .forEach((name, values) -> {
            Tensor tensor = model.weights().tensor(name);
            float[] read = new float[(int) tensor.size()];
            MemorySegment target = MemorySegment.ofArray(read);
            tensor.copyTo(target);
            assertThat(read).as(name).isEqualTo(values);
          });
    }
  }

  @Test
  void theTokenizerGivesTheTextBack() throws IOException {
    try (BaseModel model = Models.open(TinyLlama.seeded(1).writeFolder(temp))) {
      String text = "The end of the day,\n\nand your café: 42 日本 👍🏽";
      int[] ids = model.tokenizer().encode(text);
      assertThat(model.tokenizer().decode(ids)).isEqualTo(text);
    }
  }

  @Test
  void longTextsAreNotCutOff() throws IOException {
    try (BaseModel model = Models.open(TinyLlama.seeded(1).writeFolder(temp))) {
      String text = "xyz ".repeat(5000);
      assertThat(model.tokenizer().decode(model.tokenizer().encode(text))).isEqualTo(text);
    }
  }

  @Test
  void specialTokensAreParsedOrPlainText() throws IOException {
    try (BaseModel model = Models.open(TinyLlama.seeded(1).writeFolder(temp))) {
      Tokenizer tokenizer = model.tokenizer();
      assertThat(tokenizer.encode("<|im_start|>a")).startsWith(1).hasSize(2);
      int[] plain = tokenizer.encodeOrdinary("<|im_start|>a");
      assertThat(plain).hasSizeGreaterThan(5).doesNotContain(0, 1, 2);
      assertThat(tokenizer.decode(plain)).isEqualTo("<|im_start|>a");
    }
  }

  @Test
  void theDigestChangesWithTheWeightsAlone() throws IOException {
    Path first = TinyLlama.seeded(1).writeFolder(temp.resolve("a"));
    Path second = TinyLlama.seeded(2).writeFolder(temp.resolve("b"));
    String digest = digest(first);
    Files.writeString(first.resolve("tokenizer_config.json"), "{}");
    assertThat(digest(first)).isEqualTo(digest).hasSize(64).isNotEqualTo(digest(second));
  }

  private static String digest(Path folder) {
    try (BaseModel model = Models.open(folder)) {
      return model.digest();
    }
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    TinyLlama.seeded(1).inShards(3).writeFolder(temp);
    Files.delete(temp.resolve("model-00002-of-00003.safetensors"));
    assertThatThrownBy(() -> Models.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model-00002-of-00003.safetensors is missing");
  }

  @Test
  void picklesAreRefusedByFormat() throws IOException {
    TinyLlama.seeded(1).writeFolder(temp);
    Files.move(temp.resolve("model.safetensors"), temp.resolve("pytorch_model.bin"));
    for (Path path : List.of(temp, temp.resolve("pytorch_model.bin"))) {
      assertThatThrownBy(() -> Models.open(path))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("can carry code");
    }
  }

  private static String rendered(Path folder) {
    try (BaseModel model = Models.open(folder)) {
      ObjectNode turn =
          ModelJson.MAPPER.createObjectNode().put("role", "user").put("content", "Hi");
      return model.chatTemplate().render(List.of(turn), List.of(), true);
    }
  }

  @Test
  void theChatTemplateIsThatOfTheTokenizersSettings() throws IOException {
    assertThat(rendered(TinyLlama.seeded(1).writeFolder(temp)))
        .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void ofSeveralTemplatesTheDefaultCounts() throws IOException {
    Path folder = TinyLlama.seeded(1).writeFolder(temp);
    ObjectNode settings = TinyTokenizer.settings();
    ArrayNode named = settings.putArray("chat_template");
    named.addObject().put("name", "tool_use").put("template", "tools");
    named.addObject().put("name", "default").put("template", "{{ bos_token }}!");
    settings.putObject("bos_token").put("content", "<s>");
    TinyLlama.write(folder.resolve("tokenizer_config.json"), settings);
    assertThat(rendered(folder)).isEqualTo("<s>!");
  }

  @Test
  void aTemplateFileComesBeforeTheSettings() throws IOException {
    Path folder = TinyLlama.seeded(1).writeFolder(temp);
    Files.writeString(folder.resolve("chat_template.jinja"), "from the file");
    assertThat(rendered(folder)).isEqualTo("from the file");
  }

  @Test
  void aModelWithoutATemplateSaysSo() throws IOException {
    Path folder = TinyLlama.seeded(1).writeFolder(temp);
    Files.delete(folder.resolve("tokenizer_config.json"));
    assertThatThrownBy(() -> rendered(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("has no chat template");
  }

  @Test
  void digestsAreRememberedUntilTheFileChanges() throws IOException {
    Path folder = TinyLlama.seeded(1).writeFolder(temp.resolve("m"));
    Path weights = folder.resolve("model.safetensors");
    FileDigests digests = new FileDigests(Optional.of(temp.resolve("digests")));
    digests.remember(weights, "a".repeat(64));
    assertThat(digests.of(weights)).isEqualTo("a".repeat(64));
    Files.write(weights, new byte[] {1});
    assertThat(digests.of(weights)).isEqualTo(Digests.of(weights));
  }
}
