package io.tuneplane.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakpointTest {

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 150, 999, 123_456_789, 9_999_999_999L, 10_000_000_000L})
  void theFirstNumberAboveIsFound(long turn) {
    assertThat(Breakpoint.above(100, 10_000_000_000L, n -> n >= turn))
        .isEqualTo(OptionalLong.of(turn));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 50, 98, 99})
  void theFirstNumberBelowIsFound(long turn) {
    assertThat(Breakpoint.below(100, n -> n <= turn)).isEqualTo(OptionalLong.of(turn));
  }

  @Test
  void whatNeverTurnsHasNone() {
    assertThat(Breakpoint.above(0, 1000, n -> false)).isEmpty();
    assertThat(Breakpoint.below(1000, n -> false)).isEmpty();
    assertThat(Breakpoint.above(10, 10, n -> true)).isEmpty();
    assertThat(Breakpoint.below(0, n -> true)).isEmpty();
  }
}
