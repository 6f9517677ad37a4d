package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

  @ParameterizedTest
  @CsvSource({"0.005,0.00", "0.015,0.02", "0.025,0.02", "1.045,1.04", "-0.005,0.00", "7,7.00"})
  void isRoundedHalfEvenToCents(String exact, String shown) {
    assertThat(Money.of(exact).text()).isEqualTo(shown);
  }

  @Test
  void isRoundedOnlyWhenShown() {
    Money third = Money.of("1").dividedBy(BigDecimal.valueOf(3));

    assertThat(third.text()).isEqualTo("0.33");
    assertThat(third.times(BigDecimal.valueOf(3)).text()).isEqualTo("1.00");
    assertThat(Money.of("0.004").plus(Money.of("0.004")).text()).isEqualTo("0.01");
  }

  @Test
  void equalAmountsCompareAsEqualWhateverTheirScale() {
    assertThat(Money.of("1.0")).isEqualByComparingTo(Money.of("1.000"));
  }
}
