package io.tuneplane.runner.serve.engine;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Chooses one sequence's tokens. Its random numbers are its own, one for each token, so that other
/// sequences do not change its draws. Not safe for many threads.
final class Sampler {

  /// A token this much (in log-probability) below the likeliest is never drawn: together, all such
  /// tokens have less than a billionth.
  private static final double NEGLIGIBLE = -32;

  private final Sampling sampling;
  private final RandomGenerator random;

  Sampler(Sampling sampling) {
    this.sampling = sampling;
    this.random = new SplittableRandom(sampling.seed());
  }

  int choose(Logits logits) {
    return sampling.greedy() ? logits.likeliest() : draw(logits);
  }

  private int draw(Logits logits) {
    double u = random.nextDouble();
    double[] weights = weights(logits);
    int[] candidates = IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();
    return sampling.topP() < 1
        ? pick(nucleus(candidates, weights), weights, u)
        : pick(candidates, weights, u);
  }

  private double[] weights(Logits logits) {
    double largest = logits.largest();
    double[] weights = new double[logits.values().length];
    for (int i = 0; i < weights.length; i++) {
      double relative = (logits.values()[i] - largest) / sampling.temperature();
      weights[i] = relative < NEGLIGIBLE ? 0 : Math.exp(relative);
    }
    return weights;
  }

  /// The fewest likeliest tokens that reach the wanted probability.
  private int[] nucleus(int[] candidates, double[] weights) {
    int[] ordered =
        IntStream.of(candidates)
            .boxed()
            .sorted((a, b) -> Double.compare(weights[b], weights[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    double wanted = sampling.topP() * sum(ordered, weights);
    double reached = 0;
    int count = 0;
    while (count < ordered.length && reached < wanted) {
      reached += weights[ordered[count++]];
    }
    return IntStream.of(ordered).limit(Math.max(1, count)).toArray();
  }

  private static int pick(int[] candidates, double[] weights, double u) {
    double left = u * sum(candidates, weights);
    for (int candidate : candidates) {
      left -= weights[candidate];
      if (left < 0) {
        return candidate;
      }
    }
    return candidates[candidates.length - 1];
  }

  private static double sum(int[] candidates, double[] weights) {
    double sum = 0;
    for (int candidate : candidates) {
      sum += weights[candidate];
    }
    return sum;
  }
}
