package io.tuneplane.backend.kubernetes.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.kubernetes.sizing.TrainingSize.Fits;
import io.tuneplane.backend.kubernetes.sizing.TrainingSize.TooLarge;
import io.tuneplane.backend.kubernetes.sizing.TrainingSizer.Run;
import io.tuneplane.model.ModelShape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingSizerTest {

  private static final long GIB = 1L << 30;
  private static final GpuType L4 = new GpuType("l4", 24 * GIB, 1, 4);
  private static final GpuType H100 = new GpuType("h100", 80 * GIB, 8, 2);
  private static final TrainingSizer BOTH = new TrainingSizer(List.of(H100, L4));

  private static Run run(ModelShape shape, Tuning tuning, int sequence, int batch) {
    return new Run("llama", TrainingNeed.of(shape, tuning), sequence, batch);
  }

  private static Tuning lora(boolean fourBit) {
    return new Tuning.Lora(16, Lora.ALL_LINEAR, fourBit);
  }

  private static Fits fits(Run run, Asked asked) {
    return (Fits) BOTH.size(run, asked);
  }

  @Test
  void anAdapterTakesOneGpuOfTheSmallestKindThatHoldsIt() {
    Fits small = fits(run(Shapes.LLAMA_8B, lora(false), 1024, 16), Asked.NOTHING);
    Fits longer = fits(run(Shapes.LLAMA_8B, lora(false), 8192, 16), Asked.NOTHING);

    assertThat(small.gpu()).isEqualTo(L4);
    assertThat(small.gpus()).isEqualTo(1);
    assertThat(longer.gpu()).isEqualTo(H100);
  }

  @Test
  void fourBitsFitWhereSixteenDoNot() {
    Run sixteen = run(Shapes.LLAMA_70B, lora(false), 1024, 8);
    Run four = run(Shapes.LLAMA_70B, lora(true), 1024, 8);

    assertThat(BOTH.size(sixteen, Asked.NOTHING))
        .isInstanceOfSatisfying(
            TooLarge.class,
            large ->
                assertThat(large.words())
                    .contains("--quantization 4bit")
                    .contains("h100")
                    .contains("GiB on each of 1 GPUs"));
    assertThat(fits(four, Asked.NOTHING).gpu()).isEqualTo(H100);
  }

  @Test
  void allWeightsAreSpreadUntilTheyFit() {
    Fits eight = fits(run(Shapes.LLAMA_8B, new Tuning.Full(), 2048, 16), Asked.NOTHING);

    assertThat(eight.gpu()).isEqualTo(H100);
    assertThat(eight.gpus()).isEqualTo(2);
    assertThat(eight.nodes()).isEqualTo(1);
  }

  @Test
  void aModelTooLargeForAllNodesIsRefusedWithTheArithmetic() {
    TrainingSize size =
        BOTH.size(run(Shapes.LLAMA_70B, new Tuning.Full(), 2048, 16), Asked.NOTHING);

    assertThat(size)
        .isInstanceOfSatisfying(
            TooLarge.class,
            large -> {
              assertThat(large.words())
                  .contains("on each of 16 GPUs")
                  .contains("may be filled to 72.0 GiB")
                  .contains("train an adapter instead");
              assertThat(large.why())
                  .anySatisfy(line -> assertThat(line).contains("70.55 G weights x 16 B"))
                  .last()
                  .asString()
                  .startsWith("in all");
            });
  }

  @Test
  void askedGpusAreLaidOutOverAskedNodes() {
    Asked asked = new Asked(OptionalInt.of(8), OptionalInt.of(2), Optional.empty());

    Fits fits = fits(run(Shapes.LLAMA_8B, lora(false), 2048, 16), asked);

    assertThat(fits.gpu()).isEqualTo(H100);
    assertThat(fits.gpusPerNode()).isEqualTo(4);
    assertThat(fits.why().getFirst()).isEqualTo("llama, LoRA: 8 x h100 in 2 pods");
  }

  @Test
  void whatCanNotBeLaidOutSaysWhatThereIs() {
    Asked odd = new Asked(OptionalInt.of(9), OptionalInt.of(2), Optional.of("h100"));
    Asked unknown = new Asked(OptionalInt.empty(), OptionalInt.empty(), Optional.of("b300"));
    Run run = run(Shapes.LLAMA_8B, lora(false), 2048, 16);

    assertThat(((TooLarge) BOTH.size(run, odd)).words())
        .isEqualTo("9 GPUs over 2 nodes can't be laid out evenly here (h100: 2 nodes of 8 GPUs)");
    assertThat(((TooLarge) BOTH.size(run, unknown)).words())
        .isEqualTo("the cluster has no GPU of type b300; it has 4 x l4, 16 x h100");
    assertThat(((TooLarge) new TrainingSizer(List.of()).size(run, Asked.NOTHING)).words())
        .isEqualTo("the cluster has no GPU; it has none");
  }

  @Test
  void aPassHoldsAtLeastTheLongestExampleAndNoMoreThanTheStep() {
    Fits tiny = fits(run(Shapes.SMOLLM2_135M, lora(false), 100, 4), Asked.NOTHING);
    Fits wide = fits(run(Shapes.SMOLLM2_135M, lora(false), 100, 256), Asked.NOTHING);

    assertThat(tiny.passTokens()).isEqualTo(400);
    assertThat(wide.passTokens()).isEqualTo(8192);
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatFitsReallyFitsAndLongerExamplesNeverNeedLess(int seed) {
    Random random = new Random(seed);
    ModelShape shape =
        List.of(Shapes.LLAMA_8B, Shapes.MISTRAL_7B, Shapes.QWEN_14B).get(random.nextInt(3));
    Tuning tuning = random.nextBoolean() ? new Tuning.Full() : lora(random.nextBoolean());
    int sequence = 64 + random.nextInt(16_000);
    Run run = run(shape, tuning, sequence, 1 + random.nextInt(64));

    if (BOTH.size(run, Asked.NOTHING) instanceof Fits fits) {
      assertThat(fits.memory().bytes())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(fits.gpu().usableBytes());
      assertThat(fits.passTokens()).as("seed %d", seed).isGreaterThanOrEqualTo(sequence);
      assertThat(fits.gpusPerNode()).isLessThanOrEqualTo(fits.gpu().perNode());
    } else {
      Run longer = run(shape, tuning, sequence + 500, run.batch());
      assertThat(BOTH.size(longer, Asked.NOTHING)).as("seed %d", seed).isInstanceOf(TooLarge.class);
    }
  }

  @Test
  void aReplicaTakesTheFewestGpusThatHoldIt() {
    ServingSizer sizer = new ServingSizer(List.of(H100, L4));

    ServingSizer.Replica small =
        sizer.size(new ServingNeed(Shapes.LLAMA_8B, 8, 1024, 4, 16)).orElseThrow();
    ServingSizer.Replica large =
        sizer.size(new ServingNeed(Shapes.LLAMA_70B, 16, 8192, 8, 16)).orElseThrow();

    assertThat(small.gpu()).isEqualTo(L4);
    assertThat(small.gpus()).isEqualTo(1);
    assertThat(large.gpu()).isEqualTo(H100);
    assertThat(large.gpus()).isEqualTo(4);
    assertThat(new ServingSizer(List.of(L4)).size(new ServingNeed(Shapes.LLAMA_70B, 1, 1024, 0, 0)))
        .isEmpty();
  }
}
