package io.tuneplane.runner.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.runner.serve.onnx.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What each precision costs on the real model, over text that it has not seen: the figures of
/// `docs/serving.md`. The model is named by `TUNEPLANE_SMOLLM2`; another text by `TUNEPLANE_TEXT`.
@Tag("heavy")
class QuantizationQualityIT {

  private static final int WINDOW = 256;
  private static final int PROMPT = 16;

  /// @param equal tokens at which both would choose the same, as a share
  private record Quality(double perplexity, double meanDifference, double equal) {}

  @Test
  void eachPrecisionKeepsItsDocumentedQuality() throws Exception {
    Path path = Path.of(Objects.requireNonNull(System.getenv("TUNEPLANE_SMOLLM2")));
    Map<Precision, Quality> qualities = new EnumMap<>(Precision.class);
    try (BaseModel model = Models.open(path)) {
      int[] tokens = model.tokenizer().encode(text());
      List<Score> exact = scores(model, Precision.FP32, tokens);
      for (Precision precision : Precision.values()) {
        qualities.put(precision, quality(exact, scores(model, precision, tokens)));
      }
      System.err.println(tokens.length + " tokens: " + qualities);
    }
    double base = Objects.requireNonNull(qualities.get(Precision.FP32)).perplexity();
    Quality int8 = Objects.requireNonNull(qualities.get(Precision.INT8));
    Quality int4 = Objects.requireNonNull(qualities.get(Precision.INT4));
    assertThat(int8.perplexity()).isLessThan(1.02 * base);
    assertThat(int8.meanDifference()).isLessThan(0.10);
    assertThat(int4.perplexity()).isLessThan(1.08 * base);
    assertThat(int4.meanDifference()).isLessThan(0.40);
  }

  private static String text() throws IOException {
    String other = System.getenv("TUNEPLANE_TEXT");
    if (other != null) {
      return java.nio.file.Files.readString(Path.of(other));
    }
    try (InputStream in = QuantizationQualityIT.class.getResourceAsStream("held-out.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Score> scores(BaseModel model, Precision precision, int[] tokens)
      throws Exception {
    DecoderSettings settings = new DecoderSettings(precision, WINDOW, 1, 2, false);
    try (Engine engine = new Engine(model, settings, EngineSettings.DEFAULT)) {
      List<Score> scores = new ArrayList<>();
      for (int from = 0; from + PROMPT + 1 < tokens.length; from += WINDOW) {
        int to = Math.min(tokens.length, from + WINDOW);
        scores.add(
            engine
                .score(
                    Arrays.copyOfRange(tokens, from, from + PROMPT),
                    Arrays.copyOfRange(tokens, from + PROMPT, to),
                    Optional.empty())
                .get());
      }
      return scores;
    }
  }

  private static Quality quality(List<Score> exact, List<Score> served) {
    double[] differences =
        IntStream.range(0, exact.size())
            .mapToObj(i -> differences(exact.get(i).logprobs(), served.get(i).logprobs()))
            .flatMapToDouble(DoubleStream::of)
            .toArray();
    double mean =
        served.stream().flatMapToDouble(s -> DoubleStream.of(s.logprobs())).average().orElseThrow();
    long equal =
        IntStream.range(0, exact.size())
            .mapToLong(i -> equal(exact.get(i).greedy(), served.get(i).greedy()))
            .sum();
    return new Quality(
        Math.exp(-mean),
        DoubleStream.of(differences).average().orElseThrow(),
        (double) equal / differences.length);
  }

  private static double[] differences(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).toArray();
  }

  private static long equal(int[] a, int[] b) {
    return IntStream.range(0, a.length).filter(i -> a[i] == b[i]).count();
  }
}
