package io.tuneplane.runner.train;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.tuneplane.model.ModelConfig;
import java.util.Arrays;
import java.util.Optional;

/// A frozen model and the passes over it. For one thread at a time.
final class Llama implements AutoCloseable {

  /// Rows of the output head that are computed at once: enough to keep the cores busy, few enough
  /// for their logits to stay in cache.
  private static final long HEAD_ROWS = 128;

  private final Kernels kernels;
  private final Scope scope;
  private final ModelConfig config;
  private final LlamaWeights weights;
  private final IValue tables;
  private final IValue dims;
  private final IValue eps;
  private final IValue chunk;

  /// @param positions the longest sequence that will be passed
  Llama(Kernels kernels, ModelConfig config, LlamaWeights weights, int positions) {
    this.kernels = kernels;
    this.config = config;
    this.weights = weights;
    scope = kernels.scope();
    RotaryTable rotary = RotaryTable.of(config, Math.max(positions, Packed.ROUND_TOKENS));
    tables = scope.list(table(rotary.cos(), rotary), table(rotary.sin(), rotary));
    dims =
        scope.list(
            config.hiddenSize(),
            config.heads(),
            config.kvHeads(),
            config.headDim(),
            config.intermediateSize());
    eps = scope.of(config.rmsNormEps());
    chunk = scope.of(HEAD_ROWS);
  }

  private IValue table(float[] values, RotaryTable rotary) {
    try (Scope s = kernels.scope()) {
      return scope.keep(kernels.call("table", s.floats(values), s.of((long) rotary.half())));
    }
  }

  ModelConfig config() {
    return config;
  }

  /// What the model says of each learnt token, without an adapter where none is given.
  ///
  /// @param dropout the chance that an input of A is zeroed
  Predictions evaluate(Packed packed, Optional<Adapted> adapter, double dropout) {
    return run(packed, adapter, new float[0], dropout);
  }

  /// The same, and adds the gradient of `sum(weights[i] x -log p(targets[i]))` to the adapter's.
  ///
  /// @param weights one for each learnt token
  /// @param dropout the chance that an input of A is zeroed
  Predictions learn(Packed packed, Adapted adapter, float[] weights, double dropout) {
    return run(packed, Optional.of(adapter), weights, dropout);
  }

  private Predictions run(
      Packed packed, Optional<Adapted> adapter, float[] coefficients, double dropout) {
    try (Scope s = kernels.scope()) {
      IValue none = s.list(noAdapter(s));
      IValue result =
          kernels.call(
              "run",
              s.longs(packed.ids()),
              s.longs(packed.positions()),
              s.longs(packed.slots()),
              s.longs(packed.rows()),
              s.longs(packed.targets()),
              s.floats(coefficients.length == 0 ? coefficients : packed.weights(coefficients)),
              s.list(packed.sequences(), packed.longest()),
              weights.list(),
              adapter.map(Adapted::matrices).orElse(none),
              adapter.map(Adapted::gradients).orElse(none),
              tables,
              dims,
              s.of(0L),
              eps,
              s.of(adapter.map(Adapted::scale).orElse(0.0)),
              s.of(dropout),
              chunk);
      IValue[] parts = s.parts(s.keep(result));
      return new Predictions(
          Arrays.copyOf(doubles(s.array(parts[0])), packed.learnt()),
          Arrays.copyOf(s.array(parts[1]).toBooleanArray(), packed.learnt()));
    }
  }

  /// Reads a prompt into a row of a cache.
  ///
  /// @return the logits after its last token; the caller's to close
  IValue prefill(Scope s, IValue ids, int row, Adapted adapter, IValue cache) {
    return kernels.call(
        "prefill",
        ids,
        s.of((long) row),
        weights.list(),
        adapter.matrices(),
        cache,
        tables,
        dims,
        eps,
        s.of(adapter.scale()));
  }

  /// Passes one token for each row of a cache.
  ///
  /// @return the logits after each; the caller's to close
  IValue decode(Scope s, IValue ids, IValue positions, Adapted adapter, IValue cache) {
    return kernels.call(
        "decode",
        ids,
        positions,
        weights.list(),
        adapter.matrices(),
        cache,
        tables,
        dims,
        eps,
        s.of(adapter.scale()));
  }

  private IValue[] noAdapter(Scope s) {
    IValue[] empty = new IValue[11 * config.layers()];
    Arrays.fill(empty, s.floats(new float[0]));
    return empty;
  }

  private static double[] doubles(PtNDArray array) {
    if (array.getDataType() == DataType.FLOAT64) {
      return array.toDoubleArray();
    }
    float[] narrow = array.toFloatArray();
    double[] wide = new double[narrow.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = narrow[i];
    }
    return wide;
  }

  @Override
  public void close() {
    scope.close();
    weights.close();
  }

  /// An adapter as a pass takes it. Its matrices are a copy for bf16, so they are taken anew after
  /// every update.
  record Adapted(IValue matrices, IValue gradients, double scale) implements AutoCloseable {

    static Adapted of(Adapter adapter, double scale) {
      return new Adapted(adapter.matrices(), adapter.gradients(), scale);
    }

    @Override
    public void close() {
      matrices.close();
      gradients.close();
    }
  }

  /// What the model says of each learnt token.
  ///
  /// @param logProbabilities of the tokens
  /// @param best whether each was the most likely one
  // Arrays from libtorch; never compared or changed.
  @SuppressWarnings("ArrayRecordComponent")
  record Predictions(double[] logProbabilities, boolean[] best) {}
}
