package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GgufModelTest {

  @TempDir Path temp;

  static Stream<TinyLlama> variants() {
    TinyLlama plain = TinyLlama.seeded(3);
    return Stream.of(
        plain,
        plain.withBiases(),
        plain.withUntiedHead().as(DType.BF16),
        plain.as(DType.F16).withBiases());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void isTheSameModelAsTheFolder(TinyLlama tiny) throws IOException {
    try (BaseModel gguf = Models.open(tiny.writeGguf(temp.resolve("m.gguf")));
        BaseModel folder = Models.open(tiny.writeFolder(temp.resolve("m")))) {
      assertThat(gguf.config()).isEqualTo(folder.config());
      assertThat(gguf.weights().names()).containsAll(folder.weights().names());
      for (String name : folder.weights().names()) {
        assertThat(floats(gguf.weights().tensor(name)))
            .as(name)
            .isEqualTo(floats(folder.weights().tensor(name)));
      }
      String text = "<|im_start|>user\nThe end of the day, and 42 more…<|im_end|>";
      assertThat(gguf.tokenizer().encode(text)).isEqualTo(folder.tokenizer().encode(text));
      assertThat(gguf.digest()).isNotEqualTo(folder.digest());
    }
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.size()];
    tensor.copyTo(MemorySegment.ofArray(values));
    return values;
  }

  @Test
  void llama3ScalingIsRecognisedFromItsDivisors() throws IOException {
    TinyLlama tiny = TinyLlama.seeded(1).withLlama3Rope();
    try (BaseModel model = Models.open(tiny.writeGguf(temp.resolve("m.gguf")))) {
      assertThat(model.config().ropeScaling())
          .isEqualTo(Optional.of(new ModelConfig.RopeScaling.Llama3(8, 1, 4, 8192)));
      assertThat(model.weights().names()).doesNotContain("rope_freqs.weight");
    }
  }

  @Test
  void theNameOfTheFileIsNotInTheDigest() throws IOException {
    Path first = TinyLlama.seeded(1).writeGguf(temp.resolve("a.gguf"));
    Path second = TinyLlama.seeded(1).writeGguf(temp.resolve("b.gguf"));
    try (BaseModel a = Models.open(first);
        BaseModel b = Models.open(second)) {
      assertThat(a.digest()).isEqualTo(b.digest());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama.expert_count, 8, mixtures of experts",
    "split.count, 2, one part of several",
    "llama.rope.dimension_count, 4, whole head",
    "general.alignment, 12, alignment",
    "llama.block_count, 3, occurs twice"
  })
  void whatCannotBeRunIsRefusedByName(String key, int value, String message) {
    assertRefused(w -> w.whole(key, value), message);
  }

  @ParameterizedTest
  @CsvSource({"llama.rope.scaling.type, yarn, 'yarn'", "tokenizer.ggml.model, llama, occurs twice"})
  void unknownKindsAreRefusedByName(String key, String value, String message) {
    assertRefused(w -> w.text(key, value), message);
  }

  private void assertRefused(UnaryOperator<GgufWriter> change, String message) {
    byte[] bytes = new TinyGguf(TinyLlama.seeded(1)).bytes(change);
    assertThatThrownBy(() -> Models.open(Files.write(temp.resolve("m.gguf"), bytes)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("m.gguf")
        .hasMessageContaining(message);
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] whole = new TinyGguf(TinyLlama.seeded(1)).bytes();
    for (int length : new int[] {0, 10, 30, 2000, whole.length - 100}) {
      Path file = Files.write(temp.resolve("m.gguf"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Models.open(file)).isInstanceOf(ModelException.class);
    }
  }
}
