package io.tuneplane.runner.train;

/// The learning rate of every step, in closed form. With `n` steps, `w = ceil(ratio n)` of them
/// warm-up, and the step `s` counted from 1: `peak s / (w + 1)` up to `s = w`; then with `d = (s -
/// 1 - w) / (n - w)`, from 0 to below 1: `peak` (constant), `peak (1 - d)` (linear), `peak (1 +
/// cos(pi d)) / 2` (cosine). No step is wasted on a rate of 0.
///
/// @param schedule the shape after the warm-up
/// @param peak the highest rate
/// @param warmup steps of warm-up
/// @param total all steps
record LearningRate(Hyperparameters.Schedule schedule, double peak, long warmup, long total) {

  static LearningRate of(Hyperparameters h, long total) {
    long warmup = Math.min(total, (long) Math.ceil(h.warmupRatio() * total));
    return new LearningRate(h.schedule(), h.learningRate(), warmup, total);
  }

  /// @param step from 1
  double at(long step) {
    if (step <= warmup) {
      return peak * step / (warmup + 1);
    }
    double done = (double) (step - 1 - warmup) / (total - warmup);
    return switch (schedule) {
      case CONSTANT -> peak;
      case LINEAR -> peak * (1 - done);
      case COSINE -> peak * (1 + Math.cos(Math.PI * done)) / 2;
    };
  }
}
