package io.tuneplane.runner.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.DType;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import io.tuneplane.runner.serve.onnx.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The graph in ONNX Runtime against [ReferenceDecoder].
class DecoderTest {

  private static final double TOLERANCE = 1e-4;
  private static final int CONTEXT = 96;

  @TempDir private Path folder;

  static Stream<TinyLlama> kinds() {
    TinyLlama plain = TinyLlama.seeded(1);
    return Stream.of(
        plain,
        plain.withBiases(),
        plain.withLlama3Rope(),
        plain.withUntiedHead(),
        plain.as(DType.F16),
        plain.as(DType.BF16).withUntiedHead(),
        plain.withBiases().withUntiedHead().withLlama3Rope().inShards(3));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readsAWholePromptAsTheReferenceDoes(TinyLlama kind) throws IOException {
    int[] tokens = tokens(24);
    double[][] expected = new ReferenceDecoder(kind.config(), kind.values()).logits(tokens);
    try (BaseModel model = open(kind);
        Decoder decoder = decoder(model, Precision.FP32)) {
      int[] all = IntStream.range(0, tokens.length).toArray();
      Step step = new Step(1, new int[][] {tokens}, new int[] {24}, new int[][] {all});
      MemorySegment logits = decoder.run(step, Map.of());
      for (int t = 0; t < tokens.length; t++) {
        assertClose(Logits.row(logits, t, kind.config().vocabSize()), expected[t]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readsInPartsAndThenStepByStepAsTheReferenceDoes(TinyLlama kind) throws IOException {
    int[] tokens = tokens(30);
    double[][] expected = new ReferenceDecoder(kind.config(), kind.values()).logits(tokens);
    try (BaseModel model = open(kind);
        Decoder decoder = decoder(model, Precision.FP32)) {
      int[] ends = {7, 16, 17, 26, 27, 28, 29, 30};
      int from = 0;
      for (int to : ends) {
        int[] part = Arrays.copyOfRange(tokens, from, to);
        Step step =
            new Step(0, new int[][] {part}, new int[] {to}, new int[][] {{part.length - 1}});
        assertClose(
            Logits.row(decoder.run(step, Map.of()), 0, kind.config().vocabSize()),
            expected[to - 1]);
        from = to;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eightBitsStayNearTheReference(TinyLlama kind) throws IOException {
    assertThat(meanLogprobDifference(kind, Precision.INT8)).isLessThan(0.06);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void fourBitsStayWithinTheirBound(TinyLlama kind) throws IOException {
    assertThat(meanLogprobDifference(kind, Precision.INT4)).isLessThan(0.4);
  }

  private double meanLogprobDifference(TinyLlama kind, Precision precision) throws IOException {
    int[] tokens = tokens(31);
    double[][] expected = new ReferenceDecoder(kind.config(), kind.values()).logits(tokens);
    try (BaseModel model = open(kind);
        Decoder decoder = decoder(model, precision)) {
      int[] all = IntStream.range(0, tokens.length).toArray();
      Step step = new Step(0, new int[][] {tokens}, new int[] {31}, new int[][] {all});
      MemorySegment logits = decoder.run(step, Map.of());
      return IntStream.range(0, tokens.length - 1)
          .mapToDouble(t ->
              Math.abs(
                  Logits.row(logits, t, kind.config().vocabSize()).logprob(tokens[t + 1])
                      - ReferenceDecoder.logprob(expected[t], tokens[t + 1])))
          .average()
          .orElseThrow();
    }
  }

  private BaseModel open(TinyLlama kind) throws IOException {
    return Models.open(kind.writeFolder(folder));
  }

  private static Decoder decoder(BaseModel model, Precision precision) {
    return new Decoder(
        model.config(),
        model.weights(),
        new DecoderSettings(precision, CONTEXT, 2, 1, false),
        false);
  }

  static int[] tokens(int count) {
    return new Random(count).ints(count, 3, TinyLlama.vocabulary()).toArray();
  }

  static void assertClose(Logits logits, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) logits.values()[i]).isCloseTo(expected[i], within());
    }
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(TOLERANCE);
  }
}
