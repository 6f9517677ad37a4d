package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tuneplane.runner.train.Hyperparameters.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningRateTest {

  @Test
  void linearFallsInAStraightLineAfterTheWarmup() {
    LearningRate rate = new LearningRate(Schedule.LINEAR, 1.0, 3, 13);
    assertThat(rate.at(1)).isEqualTo(0.25);
    assertThat(rate.at(3)).isEqualTo(0.75);
    assertThat(rate.at(4)).isEqualTo(1.0);
    assertThat(rate.at(9)).isCloseTo(0.5, within(1e-12));
    assertThat(rate.at(13)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void cosineIsHalfWayDownInTheMiddle() {
    LearningRate rate = new LearningRate(Schedule.COSINE, 2.0, 0, 10);
    assertThat(rate.at(1)).isEqualTo(2.0);
    assertThat(rate.at(6)).isCloseTo(1.0, within(1e-12));
    assertThat(rate.at(10)).isCloseTo(1 + Math.cos(0.9 * Math.PI), within(1e-12));
  }

  @Test
  void constantStays() {
    LearningRate rate = new LearningRate(Schedule.CONSTANT, 0.5, 1, 4);
    assertThat(rate.at(1)).isEqualTo(0.25);
    assertThat(rate.at(2)).isEqualTo(0.5);
    assertThat(rate.at(4)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void noStepIsWastedAndNoneIsAboveThePeak(Schedule schedule) {
    for (long total = 1; total < 40; total++) {
      for (long warmup = 0; warmup <= total; warmup++) {
        LearningRate rate = new LearningRate(schedule, 1e-3, warmup, total);
        for (long step = 1; step <= total; step++) {
          assertThat(rate.at(step)).isPositive().isLessThanOrEqualTo(1e-3);
        }
      }
    }
  }
}
