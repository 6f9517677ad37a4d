package io.tuneplane.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A [TinyLlama] as a GGUF file: the names, the order of q's and k's rows, and the metadata that
/// llama.cpp's conversion gives it.
final class TinyGguf {

  private static final Map<String, String> PARTS =
      Map.of(
          "input_layernorm", "attn_norm",
          "self_attn.q_proj", "attn_q",
          "self_attn.k_proj", "attn_k",
          "self_attn.v_proj", "attn_v",
          "self_attn.o_proj", "attn_output",
          "post_attention_layernorm", "ffn_norm",
          "mlp.gate_proj", "ffn_gate",
          "mlp.up_proj", "ffn_up",
          "mlp.down_proj", "ffn_down");

  private final TinyLlama tiny;

  TinyGguf(TinyLlama tiny) {
    this.tiny = tiny;
  }

  byte[] bytes() {
    return bytes(w -> w);
  }

  /// @param more adds metadata
  byte[] bytes(UnaryOperator<GgufWriter> more) {
    GgufWriter writer = more.apply(metadata(new GgufWriter()));
    if (tiny.llama3Rope()) {
      ropeFactors(writer);
    }
    Map<String, float[]> values = tiny.values();
    ModelLayout.shapes(tiny.config().shape())
        .forEach((name, shape) -> write(writer, name, shape, requireNonNull(values.get(name))));
    return writer.toBytes();
  }

  private void write(GgufWriter writer, String name, long[] shape, float[] values) {
    TinyLlama written = name.contains("norm") ? tiny.as(DType.F32) : tiny;
    writer.tensor(
        ggufName(name), type(written.dtype()), shape, written.bytes(rotated(name, values, shape)));
  }

  private GgufWriter metadata(GgufWriter writer) {
    String arch = tiny.biases() ? "qwen2" : "llama";
    List<String> tokens = new ArrayList<>(TinyTokenizer.tokens());
    List<Integer> types = new ArrayList<>();
    while (tokens.size() < TinyLlama.vocabulary()) {
      tokens.add("[PAD%d]".formatted(tokens.size()));
    }
    for (String token : tokens) {
      types.add(TinyTokenizer.SPECIAL.contains(token) ? 3 : token.startsWith("[PAD") ? 5 : 1);
    }
    return writer
        .text("general.architecture", arch)
        .whole(arch + ".block_count", TinyLlama.LAYERS)
        .whole(arch + ".context_length", TinyLlama.POSITIONS)
        .whole(arch + ".embedding_length", TinyLlama.HIDDEN)
        .whole(arch + ".feed_forward_length", TinyLlama.INTERMEDIATE)
        .whole(arch + ".attention.head_count", TinyLlama.HEADS)
        .whole(arch + ".attention.head_count_kv", TinyLlama.KV_HEADS)
        .real(arch + ".attention.layer_norm_rms_epsilon", TinyLlama.EPS)
        .real(arch + ".rope.freq_base", TinyLlama.ROPE_THETA)
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "gpt-2")
        .texts("tokenizer.ggml.tokens", tokens)
        .wholes("tokenizer.ggml.token_type", types)
        .texts("tokenizer.ggml.merges", TinyTokenizer.MERGES)
        .whole("tokenizer.ggml.bos_token_id", TinyTokenizer.BOS)
        .whole("tokenizer.ggml.eos_token_id", TinyTokenizer.EOS)
        .text("tokenizer.chat_template", TinyTokenizer.CHATML);
  }

  private void ropeFactors(GgufWriter writer) {
    ModelConfig.RopeScaling.Llama3 scaling = new ModelConfig.RopeScaling.Llama3(8, 1, 4, 8192);
    float[] factors = new float[TinyLlama.HEAD_DIM / 2];
    for (int i = 0; i < factors.length; i++) {
      double frequency = Math.pow(TinyLlama.ROPE_THETA, -2.0 * i / TinyLlama.HEAD_DIM);
      factors[i] = (float) Llama3Rope.divisor(scaling, frequency);
    }
    writer.tensor(
        "rope_freqs.weight", 0, new long[] {factors.length}, tiny.as(DType.F32).bytes(factors));
  }

  private static String ggufName(String name) {
    if (!name.startsWith("model.layers.")) {
      return name.replace("model.embed_tokens", "token_embd")
          .replace("model.norm", "output_norm")
          .replace("lm_head", "output");
    }
    String[] pieces = name.split("\\.", 4);
    int dot = pieces[3].lastIndexOf('.');
    return "blk.%s.%s%s"
        .formatted(pieces[2], PARTS.get(pieces[3].substring(0, dot)), pieces[3].substring(dot));
  }

  /// As `permute` of llama.cpp's `convert_hf_to_gguf.py` orders the rows of q and k of a Llama.
  private float[] rotated(String name, float[] values, long[] shape) {
    boolean q = name.contains("q_proj");
    if (tiny.biases() || !(q || name.contains("k_proj"))) {
      return values;
    }
    int width = (int) shape[1];
    int half = TinyLlama.HEAD_DIM / 2;
    float[] rotated = new float[values.length];
    for (int row = 0; row < shape[0]; row++) {
      int within = row % TinyLlama.HEAD_DIM;
      int to = row - within + (within % half) * 2 + within / half;
      System.arraycopy(values, row * width, rotated, to * width, width);
    }
    return rotated;
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> 0;
      case F16 -> 1;
      case BF16 -> 30;
      case I64, Q8_0, Q4_0, Q4_1, Q4_K, Q6_K ->
          throw new IllegalArgumentException("not for a whole model: " + dtype);
    };
  }
}
