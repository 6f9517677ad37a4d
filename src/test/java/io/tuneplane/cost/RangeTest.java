package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeTest {

  @Test
  void aNumberIsAPoint() {
    assertThat(Range.parse("100_000").isPoint()).isTrue();
    assertThat(Range.parse("0.05").likely()).isEqualByComparingTo("0.05");
  }

  @Test
  void threeNumbersAreARange() {
    assertThat(Range.parse("0.5..1.5..2"))
        .isEqualTo(new Range(new BigDecimal("0.5"), new BigDecimal("1.5"), new BigDecimal("2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "1..2", "1..2..3..4", "1e400", "NaN", "Infinity", "2..1..3", "--1"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Range.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
