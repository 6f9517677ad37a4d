package io.tuneplane.cost;

import static io.tuneplane.cost.Asking.compare;
import static io.tuneplane.cost.Asking.option;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.YearMonth;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrowthTest {

  @ParameterizedTest
  @CsvSource({"0.05", "0.5", "-0.1", "2"})
  void aGrowingBillIsAGeometricSum(String rate) {
    CostOption cloud =
        option(compare(Books.round(), Asking.with(Asking.growing(1_000_000, rate))), "Cloud");
    double g = Double.parseDouble(rate);
    double expected = 2 + 1000 * (Math.pow(1 + g, 12) - 1) / g;

    assertThat(cloud.bill().total().orElseThrow().usd().doubleValue())
        .isCloseTo(expected, within(expected * 1e-12));
  }

  @ParameterizedTest
  @CsvSource({"100000,0.1", "10000,0.3", "700000,0.02", "730000,0.01"})
  void theMonthOfTheCrossingIsTheLogarithmOfTheWay(long requests, double rate) {
    // Own is cheaper from 730,001 requests on.
    int months = (int) Math.ceil(Math.log(730_001.0 / requests) / Math.log1p(rate));

    Breakeven first =
        compare(Books.round(), Asking.with(Asking.growing(requests, String.valueOf(rate))))
            .breakevens()
            .getFirst();

    assertThat(first.requestsPerMonth()).isEqualTo(730_001);
    assertThat(first.reachedIn()).contains(YearMonth.of(2026, 11).plusMonths(months));
  }

  @Test
  void aSteadyWorkloadReachesNothing() {
    assertThat(compare(Books.round(), Asking.requests(1)).breakevens().getFirst().reachedIn())
        .isEqualTo(Optional.empty());
  }
}
