package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tuneplane.dataset.Encoded;
import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratorTest {

  @TempDir Path folder;

  static Stream<TinyLlama> models() {
    TinyLlama plain = TinyLlama.seeded(4);
    return Stream.of(plain, plain.withBiases(), plain.withUntiedHead(), plain.withLlama3Rope());
  }

  /// With the cache and several prompts at once, every token is the most likely one, and as likely,
  /// as in one pass over the whole text.
  @ParameterizedTest
  @MethodSource("models")
  void answersAreThoseOfAWholePass(TinyLlama tiny) throws IOException {
    Random random = new Random(2);
    List<int[]> prompts =
        IntStream.of(3, 11, 1, 20)
            .mapToObj(n -> random.ints(n, 3, TinyLlama.vocabulary()).toArray())
            .toList();
    try (TinyPass pass = new TinyPass(tiny, folder, Precision.FP32, TinyPass.lora(TinyPass.ALL));
        Llama.Adapted adapted = pass.adapted()) {
      List<Generator.Answer> answers =
          new Generator(pass.kernels, pass.llama, adapted, () -> false).answers(prompts, 9);
      for (int i = 0; i < prompts.size(); i++) {
        Llama.Predictions whole = wholePass(pass, adapted, prompts.get(i), answers.get(i));
        assertThat(whole.best()).doesNotContain(false);
        assertThat(answers.get(i).logProbabilities().stream().mapToDouble(d -> d).toArray())
            .containsExactly(whole.logProbabilities(), within(1e-4));
      }
    }
  }

  @Test
  void stoppedItGivesWhatItHas() throws IOException {
    try (TinyPass pass =
            new TinyPass(TinyLlama.seeded(1), folder, Precision.FP32, TinyPass.lora(TinyPass.ALL));
        Llama.Adapted adapted = pass.adapted()) {
      List<Generator.Answer> answers =
          new Generator(pass.kernels, pass.llama, adapted, () -> true)
              .answers(List.of(new int[] {5, 6}), 9);
      assertThat(answers.getFirst().tokens()).hasSize(1);
    }
  }

  private static Llama.Predictions wholePass(
      TinyPass pass, Llama.Adapted adapted, int[] prompt, Generator.Answer answer) {
    int[] all =
        IntStream.concat(IntStream.of(prompt), answer.tokens().stream().mapToInt(Integer::intValue))
            .toArray();
    boolean[] target = new boolean[all.length];
    java.util.Arrays.fill(target, prompt.length, all.length, true);
    Packed packed = Packed.of(List.of(Sequence.of(new Encoded(all, target, false))));
    return pass.llama.evaluate(packed, Optional.of(adapted), 0);
  }
}
