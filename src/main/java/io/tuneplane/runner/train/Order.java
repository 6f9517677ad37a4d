package io.tuneplane.runner.train;

import java.util.SplittableRandom;

/// In which order the examples come: shuffled anew in every epoch. Any step's batch follows from
/// the seed alone, so a resumed run needs no state of a random generator.
///
/// @param seed of the job
/// @param examples how many there are
/// @param batchSize examples per step; the last batch of an epoch may be smaller
record Order(long seed, int examples, int batchSize) {

  long stepsPerEpoch() {
    return Math.ceilDiv(examples, batchSize);
  }

  /// The epoch of a step, from 0.
  ///
  /// @param step from 1
  int epoch(long step) {
    return (int) ((step - 1) / stepsPerEpoch());
  }

  /// Passes over the data that are done after this step, a fraction.
  double epochsDone(long step) {
    long within = (step - 1) % stepsPerEpoch() + 1;
    return epoch(step) + Math.min(1.0, (double) within * batchSize / examples);
  }

  boolean endsEpoch(long step) {
    return step > 0 && step % stepsPerEpoch() == 0;
  }

  /// The examples of a step, as indices.
  int[] batch(long step) {
    int[] order = shuffled(epoch(step));
    int from = (int) ((step - 1) % stepsPerEpoch()) * batchSize;
    return java.util.Arrays.copyOfRange(order, from, Math.min(examples, from + batchSize));
  }

  /// A seed for whatever is drawn at random in one pass.
  long seed(long step, int pass) {
    return new SplittableRandom(seed + 0x9E3779B97F4A7C15L * step + pass).nextLong();
  }

  private int[] shuffled(int epoch) {
    SplittableRandom random = new SplittableRandom(seed ^ (epoch + 1) * 0xD1342543DE82EF95L);
    int[] order = new int[examples];
    for (int i = 0; i < examples; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
