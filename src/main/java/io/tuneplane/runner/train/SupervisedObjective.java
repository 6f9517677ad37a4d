package io.tuneplane.runner.train;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Mean -log p of the learnt tokens of a batch: a long answer counts for more than a short one.
final class SupervisedObjective implements Objective<TrainingExample.Chat> {

  private final Kernels kernels;
  private final Llama llama;
  private final double dropout;

  SupervisedObjective(Kernels kernels, Llama llama, double dropout) {
    this.kernels = kernels;
    this.llama = llama;
    this.dropout = dropout;
  }

  @Override
  public long count(List<TrainingExample.Chat> examples) {
    return examples.stream().mapToLong(e -> e.sequence().targets()).sum();
  }

  @Override
  public Figures learn(
      Llama.Adapted adapter, List<TrainingExample.Chat> examples, long count, long draw) {
    Packed packed = packed(examples);
    float[] weights = new float[packed.learnt()];
    Arrays.fill(weights, (float) (1.0 / count));
    kernels.seed(draw);
    return figures(examples, llama.learn(packed, adapter, weights, dropout));
  }

  @Override
  public Figures evaluate(Llama.Adapted adapter, List<TrainingExample.Chat> examples) {
    Packed packed = packed(examples);
    return figures(examples, llama.evaluate(packed, Optional.of(adapter), 0));
  }

  private static Packed packed(List<TrainingExample.Chat> examples) {
    return Packed.of(examples.stream().map(TrainingExample.Chat::sequence).toList());
  }

  private static Figures figures(
      List<TrainingExample.Chat> examples, Llama.Predictions predictions) {
    double loss = 0;
    long hits = 0;
    for (int i = 0; i < predictions.best().length; i++) {
      loss -= predictions.logProbabilities()[i];
      hits += predictions.best()[i] ? 1 : 0;
    }
    return new Figures(loss, hits, predictions.best().length, TrainingExample.tokens(examples));
  }
}
