package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OrderTest {

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyEpochShowsEveryExampleOnce(long seed) {
    int examples = 1 + (int) (seed * 7 % 23);
    Order order = new Order(seed, examples, 1 + (int) (seed % 5));
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Integer> seen = new ArrayList<>();
      for (long s = 1; s <= order.stepsPerEpoch(); s++) {
        long step = epoch * order.stepsPerEpoch() + s;
        assertThat(order.epoch(step)).isEqualTo(epoch);
        IntStream.of(order.batch(step)).forEach(seen::add);
      }
      assertThat(seen)
          .as("seed %d, epoch %d", seed, epoch)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, examples).boxed().toList());
    }
  }

  @Test
  void epochsDifferAndSeedsDiffer() {
    Order order = new Order(1, 40, 40);
    assertThat(order.batch(1)).isNotEqualTo(order.batch(2));
    assertThat(order.batch(1)).isNotEqualTo(new Order(2, 40, 40).batch(1));
    assertThat(order.batch(1)).isEqualTo(new Order(1, 40, 40).batch(1));
  }

  @Test
  void aShortLastBatchEndsTheEpoch() {
    Order order = new Order(3, 10, 4);
    assertThat(order.stepsPerEpoch()).isEqualTo(3);
    assertThat(order.batch(3)).hasSize(2);
    assertThat(order.epochsDone(3)).isEqualTo(1.0);
    assertThat(order.epochsDone(4)).isEqualTo(1.4);
    assertThat(order.endsEpoch(3)).isTrue();
    assertThat(order.endsEpoch(4)).isFalse();
  }
}
