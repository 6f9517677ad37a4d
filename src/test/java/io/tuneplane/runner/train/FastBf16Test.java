package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FastBf16Test {

  @ParameterizedTest
  @CsvSource({
    "576, flags : fpu amx_bf16 amx_tile, BF16",
    "576, flags : fpu avx512_bf16, BF16",
    "576, flags : fpu avx2 fma, FP32",
    "576, model name : amx_bf16, FP32",
    "32, flags : fpu amx_bf16, FP32"
  })
  void theChoiceFollowsFromTheProcessorAndTheWidth(int width, String line, Precision choice) {
    assertThat(FastBf16.choice(width, List.of("processor : 0", line))).isEqualTo(choice);
  }
}
