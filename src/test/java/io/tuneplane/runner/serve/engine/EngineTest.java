package io.tuneplane.runner.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import io.tuneplane.runner.serve.onnx.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many sequences in one engine, against [ReferenceDecoder] and against each alone.
class EngineTest {

  private static final TinyLlama TINY = TinyLlama.seeded(5).withUntiedHead();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private BaseModel model;
  private Engine engine;
  private TinyAdapter small;
  private TinyAdapter large;
  private Adapter smallLoaded;
  private Adapter largeLoaded;

  @BeforeEach
  void start() throws IOException {
    model = Models.open(TINY.writeFolder(folder.resolve("base")));
    engine = engine(Precision.FP32, 4, 64);
    small = new TinyAdapter(model.config(), 11, 2, 4, List.of("q_proj", "v_proj", "down_proj"), 2);
    large =
        new TinyAdapter(
            model.config(),
            12,
            5,
            5,
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
            1);
    AdapterReader reader = new AdapterReader(model, true);
    smallLoaded = reader.read(small.write(folder.resolve("small")));
    largeLoaded = reader.read(large.write(folder.resolve("large")));
  }

  private Engine engine(Precision precision, int sequences, int queue) {
    return new Engine(
        model,
        new DecoderSettings(precision, 256, sequences, 1, false),
        new EngineSettings(queue, 8));
  }

  @AfterEach
  void stop() {
    engine.close();
    model.close();
  }

  @Test
  void scoresAreTheReferencesForTheBaseAndForEachAdapter() throws Exception {
    int[] prompt = DecoderTest.tokens(19);
    int[] answer = DecoderTest.tokens(23);
    Map<String, float[]> base = TINY.values();
    assertScores(prompt, answer, Optional.empty(), base);
    assertScores(prompt, answer, Optional.of(smallLoaded), small.merged(base));
    assertScores(prompt, answer, Optional.of(largeLoaded), large.merged(base));
  }

  private void assertScores(
      int[] prompt, int[] answer, Optional<Adapter> adapter, Map<String, float[]> weights)
      throws Exception {
    Score score = engine.score(prompt, answer, adapter).get();
    double[][] logits =
        new ReferenceDecoder(TINY.config(), weights)
            .logits(IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray());
    for (int i = 0; i < answer.length; i++) {
      assertThat(score.logprobs()[i])
          .isCloseTo(
              ReferenceDecoder.logprob(logits[prompt.length + i - 1], answer[i]), within(1e-4));
    }
  }

  @Test
  void aMixedBatchAnswersAsTheReferenceDoesForEach() throws Exception {
    List<Optional<Adapter>> adapters =
        List.of(
            Optional.of(smallLoaded),
            Optional.empty(),
            Optional.of(largeLoaded),
            Optional.of(smallLoaded));
    List<Map<String, float[]>> weights =
        List.of(
            small.merged(TINY.values()),
            TINY.values(),
            large.merged(TINY.values()),
            small.merged(TINY.values()));
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(engine.generate(greedy(DecoderTest.tokens(9 + 4 * i), adapters.get(i), 12)));
    }
    for (int i = 0; i < 4; i++) {
      int[] expected =
          new ReferenceDecoder(TINY.config(), weights.get(i))
              .greedy(DecoderTest.tokens(9 + 4 * i), 12);
      assertThat(tokens(answers.get(i))).as("sequence " + i).containsExactly(expected);
    }
  }

  @Test
  void sequencesThatJoinAndLeaveAnswerAsEachAlone() throws Exception {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Optional<Adapter> adapter =
          switch (i % 3) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(smallLoaded);
            default -> Optional.of(largeLoaded);
          };
      requests.add(greedy(DecoderTest.tokens(5 + 7 * (i % 5)), adapter, 3 + 5 * (i % 4)));
    }
    List<int[]> alone = new ArrayList<>();
    for (GenerationRequest request : requests) {
      alone.add(tokens(engine.generate(request)));
    }
    List<Answer> together = requests.stream().map(engine::generate).toList();
    for (int i = 0; i < together.size(); i++) {
      assertThat(tokens(together.get(i))).as("request " + i).containsExactly(alone.get(i));
    }
  }

  @Test
  void drawsDependOnTheSeedAndNotOnTheNeighbours() throws Exception {
    GenerationRequest drawn = drawn(77);
    int[] alone = tokens(engine.generate(drawn));
    List<Answer> neighbours =
        IntStream.range(0, 3)
            .mapToObj(i -> engine.generate(greedy(DecoderTest.tokens(6 + i), Optional.empty(), 40)))
            .toList();
    assertThat(tokens(engine.generate(drawn))).containsExactly(alone);
    assertThat(tokens(engine.generate(drawn(78)))).isNotEqualTo(alone);
    neighbours.forEach(Answer::cancel);
  }

  private static GenerationRequest drawn(long seed) {
    return new GenerationRequest(
        DecoderTest.tokens(10),
        Optional.empty(),
        20,
        new Sampling(1.2, 0.95, seed),
        List.of(),
        true,
        OptionalInt.of(0));
  }

  @Test
  void anAnswerEndsAtAStopText() throws Exception {
    GenerationRequest request = greedy(DecoderTest.tokens(14), Optional.empty(), 30);
    String whole = text(engine.generate(request));
    assertThat(whole).hasSizeGreaterThan(8);
    String stop = whole.substring(5, 8);
    GenerationRequest stopped =
        new GenerationRequest(
            request.prompt(),
            Optional.empty(),
            30,
            Sampling.GREEDY,
            List.of(stop),
            true,
            OptionalInt.empty());
    assertThat(text(engine.generate(stopped))).isEqualTo(whole.substring(0, whole.indexOf(stop)));
  }

  @Test
  void theModelsOwnEndEndsAnAnswer() throws Exception {
    List<Piece.End> ends = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      ends.add(
          end(
              engine.generate(
                  new GenerationRequest(
                      DecoderTest.tokens(14),
                      Optional.empty(),
                      200,
                      new Sampling(2, 1, seed),
                      List.of(),
                      false,
                      OptionalInt.empty()))));
    }
    assertThat(ends)
        .allMatch(e -> e.promptTokens() == 14)
        .allMatch(e -> (e.completionTokens() < 200) == (e.reason() == FinishReason.STOP))
        .anyMatch(e -> e.reason() == FinishReason.STOP);
  }

  @Test
  void aCancelledAnswerGivesItsSlotBack() throws Exception {
    engine.close();
    engine = engine(Precision.FP32, 1, 4);
    Answer long1 = engine.generate(greedy(DecoderTest.tokens(5), Optional.empty(), 250));
    Answer next = engine.generate(greedy(DecoderTest.tokens(5), Optional.empty(), 3));
    assertThat(long1.next(PATIENCE)).isPresent();
    long1.cancel();
    assertThat(end(next).completionTokens()).isEqualTo(3);
    assertThat(end(long1).reason()).isEqualTo(FinishReason.ABORT);
  }

  @Test
  void aFullQueueRefuses() {
    engine.close();
    engine = engine(Precision.FP32, 1, 1);
    List<Answer> taken = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 4; i++) {
                taken.add(engine.generate(greedy(DecoderTest.tokens(5), Optional.empty(), 250)));
              }
            })
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("waiting");
    assertThat(taken).isNotEmpty();
  }

  @Test
  void whatDoesNotFitIsRefusedAtOnce() {
    assertThatThrownBy(() -> engine.generate(greedy(DecoderTest.tokens(200), Optional.empty(), 57)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
  }

  @Test
  void endingCutsAnswersShort() throws Exception {
    Answer answer = engine.generate(greedy(DecoderTest.tokens(5), Optional.empty(), 250));
    assertThat(answer.next(PATIENCE)).isPresent();
    engine.close();
    assertThat(end(answer).reason()).isEqualTo(FinishReason.ABORT);
    assertThatThrownBy(() -> engine.generate(greedy(DecoderTest.tokens(5), Optional.empty(), 1)))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("ending");
  }

  @Test
  void quantizedEnginesTakeAdaptersToo() throws Exception {
    engine.close();
    int[] prompt = DecoderTest.tokens(19);
    int[] answer = DecoderTest.tokens(23);
    double[][] logits =
        new ReferenceDecoder(TINY.config(), large.merged(TINY.values()))
            .logits(IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray());
    engine = engine(Precision.INT8, 2, 4);
    double[] served = engine.score(prompt, answer, Optional.of(largeLoaded)).get().logprobs();
    assertThat(
            IntStream.range(0, answer.length)
                .mapToDouble(i ->
                    Math.abs(
                        served[i]
                            - ReferenceDecoder.logprob(logits[prompt.length + i - 1], answer[i])))
                .average()
                .orElseThrow())
        .isLessThan(0.05);
  }

  private static GenerationRequest greedy(int[] prompt, Optional<Adapter> adapter, int count) {
    return new GenerationRequest(
        prompt, adapter, count, Sampling.GREEDY, List.of(), true, OptionalInt.of(0));
  }

  private static List<Piece> pieces(Answer answer) throws InterruptedException {
    List<Piece> pieces = new ArrayList<>();
    do {
      pieces.add(answer.next(PATIENCE).orElseThrow());
    } while (pieces.getLast() instanceof Piece.Text);
    return pieces;
  }

  private static Piece.End end(Answer answer) throws InterruptedException {
    return (Piece.End) pieces(answer).getLast();
  }

  private static int[] tokens(Answer answer) throws InterruptedException {
    return pieces(answer).stream()
        .flatMap(p ->
            p instanceof Piece.Text t ? t.logprobs().stream() : java.util.stream.Stream.empty())
        .mapToInt(TokenLogprob::token)
        .toArray();
  }

  private static String text(Answer answer) throws InterruptedException {
    return pieces(answer).stream()
        .map(p -> p instanceof Piece.Text t ? t.text() : "")
        .collect(Collectors.joining());
  }
}
