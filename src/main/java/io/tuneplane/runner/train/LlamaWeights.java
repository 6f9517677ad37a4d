package io.tuneplane.runner.train;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.IValue;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.Tensor;
import io.tuneplane.model.Weights;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The frozen weights in libtorch's memory, as copies of their own in the order of
/// `kernels.torchscript`; the model's files can be closed once this is loaded.
final class LlamaWeights implements AutoCloseable {

  private final Scope scope;
  private final IValue list;

  private LlamaWeights(Scope scope, IValue list) {
    this.scope = scope;
    this.list = list;
  }

  /// Reads a model.
  ///
  /// @throws WrongInput if a tensor has another shape than the configuration says
  static LlamaWeights load(
      Kernels kernels, ModelConfig config, Weights weights, Precision precision) {
    Scope scope = kernels.scope();
    try {
      Loader loader = new Loader(kernels, scope, weights, precision);
      return new LlamaWeights(scope, scope.list(loader.all(config)));
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  /// The tensors as the kernels take them.
  IValue list() {
    return list;
  }

  @Override
  public void close() {
    scope.close();
  }

  private record Loader(Kernels kernels, Scope scope, Weights weights, Precision precision) {

    IValue[] all(ModelConfig config) {
      List<IValue> out = new ArrayList<>();
      long hidden = config.hiddenSize();
      IValue embedding = matrix(config.vocabSize(), hidden, "model.embed_tokens");
      out.add(embedding);
      out.add(
          config.tieWordEmbeddings() ? embedding : matrix(config.vocabSize(), hidden, "lm_head"));
      out.add(norm(hidden, "model.norm"));
      for (int layer = 0; layer < config.layers(); layer++) {
        addLayer(out, config, "model.layers." + layer + ".");
      }
      return out.toArray(IValue[]::new);
    }

    private void addLayer(List<IValue> out, ModelConfig config, String prefix) {
      long hidden = config.hiddenSize();
      out.add(norm(hidden, prefix + "input_layernorm"));
      out.add(group(config, prefix, Projection.Q, Projection.K, Projection.V));
      out.add(
          config.attentionBias()
              ? biases(config, prefix, Projection.Q, Projection.K, Projection.V)
              : scope.zeros(DataType.FLOAT32, 0));
      out.add(group(config, prefix, Projection.O));
      out.add(norm(hidden, prefix + "post_attention_layernorm"));
      out.add(group(config, prefix, Projection.GATE, Projection.UP));
      out.add(group(config, prefix, Projection.DOWN));
    }

    private IValue group(ModelConfig config, String prefix, Projection... projections) {
      try (Scope s = kernels.scope();
          Arena arena = Arena.ofShared()) {
        IValue[] parts =
            Arrays.stream(projections)
                .map(p ->
                    read(
                        s,
                        arena,
                        prefix + p.path() + ".weight",
                        p.outputs(config),
                        p.inputs(config)))
                .toArray(IValue[]::new);
        return join(s, precision.code(), parts);
      }
    }

    private IValue biases(ModelConfig config, String prefix, Projection... projections) {
      try (Scope s = kernels.scope();
          Arena arena = Arena.ofShared()) {
        IValue[] parts =
            Arrays.stream(projections)
                .map(p -> read(s, arena, prefix + p.path() + ".bias", p.outputs(config)))
                .toArray(IValue[]::new);
        return join(s, precision.code(), parts);
      }
    }

    private IValue matrix(long rows, long columns, String name) {
      try (Scope s = kernels.scope();
          Arena arena = Arena.ofShared()) {
        return join(s, precision.code(), read(s, arena, name + ".weight", rows, columns));
      }
    }

    private IValue norm(long size, String name) {
      int wide = precision == Precision.FP64 ? precision.code() : Precision.FP32.code();
      try (Scope s = kernels.scope();
          Arena arena = Arena.ofShared()) {
        return join(s, wide, read(s, arena, name + ".weight", size));
      }
    }

    private IValue join(Scope s, int type, IValue... parts) {
      return scope.keep(kernels.call("join", s.list(parts), s.of((long) type)));
    }

    private IValue read(Scope s, Arena arena, String name, long... shape) {
      Tensor tensor = weights.tensor(name);
      if (!Arrays.equals(tensor.shape(), shape)) {
        throw new WrongInput(
            "the base model's %s is %s, but its configuration says %s"
                .formatted(name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
      }
      MemorySegment floats = arena.allocate(4 * tensor.size(), 64);
      tensor.copyTo(floats);
      return s.borrow(floats, DataType.FLOAT32, shape);
    }
  }
}
