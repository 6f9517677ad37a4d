package io.tuneplane.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The tensors that a model of a given shape must have.
final class ModelLayout {

  private ModelLayout() {}

  /// Every tensor's shape by its name, in the order in which they are used.
  static SequencedMap<String, long[]> shapes(ModelShape shape) {
    SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
    long hidden = shape.hiddenSize();
    shapes.put("model.embed_tokens.weight", new long[] {shape.vocabSize(), hidden});
    for (int layer = 0; layer < shape.layers(); layer++) {
      block(shape, "model.layers.%d.".formatted(layer), shapes);
    }
    shapes.put("model.norm.weight", new long[] {hidden});
    if (!shape.tieWordEmbeddings()) {
      shapes.put("lm_head.weight", new long[] {shape.vocabSize(), hidden});
    }
    return shapes;
  }

  private static void block(ModelShape shape, String prefix, SequencedMap<String, long[]> into) {
    long hidden = shape.hiddenSize();
    long wide = shape.intermediateSize();
    long q = (long) shape.heads() * shape.headDim();
    long kv = (long) shape.kvHeads() * shape.headDim();
    into.put(prefix + "input_layernorm.weight", new long[] {hidden});
    into.put(prefix + "self_attn.q_proj.weight", new long[] {q, hidden});
    into.put(prefix + "self_attn.k_proj.weight", new long[] {kv, hidden});
    into.put(prefix + "self_attn.v_proj.weight", new long[] {kv, hidden});
    if (shape.attentionBias()) {
      into.put(prefix + "self_attn.q_proj.bias", new long[] {q});
      into.put(prefix + "self_attn.k_proj.bias", new long[] {kv});
      into.put(prefix + "self_attn.v_proj.bias", new long[] {kv});
    }
    into.put(prefix + "self_attn.o_proj.weight", new long[] {hidden, q});
    into.put(prefix + "post_attention_layernorm.weight", new long[] {hidden});
    into.put(prefix + "mlp.gate_proj.weight", new long[] {wide, hidden});
    into.put(prefix + "mlp.up_proj.weight", new long[] {wide, hidden});
    into.put(prefix + "mlp.down_proj.weight", new long[] {hidden, wide});
  }

  /// Checks that the weights are what the configuration says.
  ///
  /// @throws ModelException naming the first tensor that is missing, unlike its shape, or unknown
  static void check(ModelConfig config, Weights weights, String source) {
    SequencedMap<String, long[]> shapes = shapes(config.shape());
    shapes.forEach((name, shape) -> {
      if (!weights.names().contains(name)) {
        throw new ModelException("%s: tensor %s is missing".formatted(source, name));
      }
      Tensor tensor = weights.tensor(name);
      if (!Arrays.equals(tensor.shape(), shape) || tensor.dtype() == DType.I64) {
        throw new ModelException(
            "%s: tensor %s is %s of %s; the configuration wants %s"
                .formatted(
                    source,
                    name,
                    Arrays.toString(tensor.shape()),
                    tensor.dtype(),
                    Arrays.toString(shape)));
      }
    });
    refuseUnknown(shapes, weights, source);
  }

  /// A bias or a norm that is not computed would make the answers silently wrong. Old files carry
  /// rotary frequencies, and tied models may repeat the output head: both are derived.
  private static void refuseUnknown(
      SequencedMap<String, long[]> shapes, Weights weights, String source) {
    List<String> unknown =
        weights.names().stream()
            .filter(n -> !shapes.containsKey(n))
            .filter(n -> !n.endsWith("rotary_emb.inv_freq"))
            .filter(n -> !n.equals("lm_head.weight"))
            .toList();
    if (!unknown.isEmpty()) {
      throw new ModelException(
          "%s: tensor %s is not part of a model that is supported here"
              .formatted(source, unknown.getFirst()));
    }
  }
}
