package io.tuneplane.runner.train;

import io.tuneplane.runner.train.TrainingExample.Pair;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/// Direct preference optimisation with the sigmoid loss (Rafailov et al., 2023, arXiv:2305.18290):
/// the mean over pairs of `-log sigmoid(beta (gain of the better answer - gain of the worse))`, an
/// answer's gain being how much likelier it is than under the reference. The reference is the model
/// as the run began, and is asked once for each pair.
final class PreferenceObjective implements Objective<Pair> {

  private final Kernels kernels;
  private final Llama llama;
  private final Optional<Adapter> reference;
  private final double scale;
  private final double beta;
  private final double dropout;
  private final IdentityHashMap<Pair, Double> referenceMargins = new IdentityHashMap<>();

  /// @param reference the adapter that the run began with, which is closed with this; empty for the
  ///   base model alone
  /// @param lora the adapter's shape
  PreferenceObjective(
      Kernels kernels, Llama llama, Optional<Adapter> reference, double beta, Lora lora) {
    this.kernels = kernels;
    this.llama = llama;
    this.reference = reference;
    this.beta = beta;
    this.dropout = lora.dropout();
    this.scale = lora.scale();
  }

  @Override
  public long count(List<Pair> examples) {
    return examples.size();
  }

  @Override
  public Figures learn(Llama.Adapted adapter, List<Pair> pairs, long count, long draw) {
    Packed packed = packed(pairs);
    kernels.seed(draw);
    double[] logits = logits(packed, pairs, llama.evaluate(packed, Optional.of(adapter), dropout));
    float[] weights = new float[packed.learnt()];
    for (int i = 0; i < pairs.size(); i++) {
      float weight = (float) (beta * sigmoid(-logits[i]) / count);
      fill(weights, packed, 2 * i, weight);
      fill(weights, packed, 2 * i + 1, -weight);
    }
    // Drawn again, so that both passes drop the same inputs.
    kernels.seed(draw);
    llama.learn(packed, adapter, weights, dropout);
    return figures(pairs, logits);
  }

  @Override
  public Figures evaluate(Llama.Adapted adapter, List<Pair> pairs) {
    Packed packed = packed(pairs);
    return figures(pairs, logits(packed, pairs, llama.evaluate(packed, Optional.of(adapter), 0)));
  }

  private double[] logits(Packed packed, List<Pair> pairs, Llama.Predictions predictions) {
    double[] logits = new double[pairs.size()];
    for (int i = 0; i < logits.length; i++) {
      double margin = sum(packed, 2 * i, predictions) - sum(packed, 2 * i + 1, predictions);
      logits[i] = beta * (margin - referenceMargin(pairs.get(i)));
    }
    return logits;
  }

  /// Asked for each pair alone, so that it does not depend on what it is packed with.
  private double referenceMargin(Pair pair) {
    return referenceMargins.computeIfAbsent(
        pair,
        p -> {
          Packed packed = packed(List.of(p));
          Llama.Predictions predictions = askReference(packed);
          return sum(packed, 0, predictions) - sum(packed, 1, predictions);
        });
  }

  private Llama.Predictions askReference(Packed packed) {
    if (reference.isEmpty()) {
      return llama.evaluate(packed, Optional.empty(), 0);
    }
    try (Llama.Adapted adapted = Llama.Adapted.of(reference.get(), scale)) {
      return llama.evaluate(packed, Optional.of(adapted), 0);
    }
  }

  private static Packed packed(List<Pair> pairs) {
    return Packed.of(pairs.stream().flatMap(p -> p.sequences().stream()).toList());
  }

  private static void fill(float[] weights, Packed packed, int sequence, float weight) {
    java.util.Arrays.fill(
        weights, packed.firstRow()[sequence], packed.firstRow()[sequence + 1], weight);
  }

  private static double sum(Packed packed, int sequence, Llama.Predictions predictions) {
    double sum = 0;
    for (int i = packed.firstRow()[sequence]; i < packed.firstRow()[sequence + 1]; i++) {
      sum += predictions.logProbabilities()[i];
    }
    return sum;
  }

  private static Figures figures(List<Pair> pairs, double[] logits) {
    double loss = 0;
    long right = 0;
    for (double logit : logits) {
      loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(0, -logit);
      right += logit > 0 ? 1 : 0;
    }
    return new Figures(loss, right, logits.length, TrainingExample.tokens(pairs));
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  @Override
  public void close() {
    reference.ifPresent(Adapter::close);
  }
}
