package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tuneplane.model.MemoryEstimate.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {

  private static final ModelShape SMOL =
      ModelCatalogue.shipped().find("smollm2-135m-instruct").orElseThrow().shape();

  /// Peak resident memory of LoRA training on a CPU in fp32, rank 8, as measured.
  @ParameterizedTest
  @CsvSource({"4, 128, 2303", "1, 512, 2564", "8, 64, 2247"})
  void trainingIsNearWhatWasMeasured(int batch, int sequence, long megabytes) {
    long bytes = MemoryEstimate.toTrainLora(SMOL, Precision.FP32, batch, sequence, 8).bytes();
    assertThat(bytes).isCloseTo(megabytes * 1_000_000, withinPercentage(8));
  }

  @Test
  void anAdapterHasAsManyWeightsAsPeftCounts() {
    assertThat(SMOL.loraParameters(8)).isEqualTo(2_442_240);
  }

  @Test
  void quantisedWeightsAreSmallerAndTheEmbeddingStaysWhole() {
    long fp32 = MemoryEstimate.toLoad(SMOL, Precision.FP32).bytes();
    long int8 = MemoryEstimate.toLoad(SMOL, Precision.INT8).bytes();
    long int4 = MemoryEstimate.toLoad(SMOL, Precision.INT4).bytes();
    assertThat(int4).isLessThan(int8);
    assertThat(int8).isLessThan(fp32);
    assertThat(int8).isGreaterThan(SMOL.parameters() + 4 * SMOL.embeddingParameters());
  }

  @Test
  void servingGrowsByTheKeysAndValuesOfEachSequence() {
    long one = MemoryEstimate.toServe(SMOL, Precision.FP32, 1, 2048).bytes();
    long two = MemoryEstimate.toServe(SMOL, Precision.FP32, 2, 2048).bytes();
    long keysAndValues = 2L * 30 * 3 * 64 * 2048 * 4;
    assertThat(two - one).isEqualTo(keysAndValues + 49152 * 4);
  }
}
