package io.tuneplane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateResultTest {

  @ParameterizedTest
  @CsvSource({
    "0.01, 0.02, 64, true",
    "0.02, 0.02, 64, true",
    "0.021, 0.02, 64, false",
    "NaN, 0.02, 64, false",
    "0.01, NaN, 64, false",
    "0.0, 0.02, 0, false",
  })
  void onlyAMeasuredDifferenceWithinTheBoundPasses(
      double difference, double bound, long tokens, boolean passes) {
    GateResult result =
        new GateResult.Measured("int8", difference, bound, tokens, Optional.empty());

    assertThat(result.passed()).isEqualTo(passes);
  }

  @Test
  void atFp32EveryTokenMustBeTheTrainers() {
    GateResult result = new GateResult.Measured("fp32", 0.001, 0.02, 64, Optional.of(false));

    assertThat(result.passed()).isFalse();
    assertThat(result.summary())
        .isEqualTo(
            "mean difference of log-probabilities 0.0010 over 64 tokens at fp32, bound 0.0200,"
                + " not token-equal");
  }

  @Test
  void aPlaceThatListsTheModelIsBelieved() {
    assertThat(new GateResult.Stated(true, "ready").passed()).isTrue();
    assertThat(new GateResult.Stated(false, "gone").passed()).isFalse();
  }
}
