package io.tuneplane.model;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// GGUF's names of tensors and Hugging Face's.
final class GgufNames {

  private static final Map<String, String> WHOLE =
      Map.of(
          "token_embd.weight", "model.embed_tokens.weight",
          "output_norm.weight", "model.norm.weight",
          "output.weight", "lm_head.weight");

  private static final Map<String, String> IN_BLOCK =
      Map.of(
          "attn_norm", "input_layernorm",
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_norm", "post_attention_layernorm",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  private static final Pattern BLOCK =
      Pattern.compile("blk\\.(\\d{1,4})\\.([a-z_]+)\\.(weight|bias)");

  private GgufNames() {}

  /// Hugging Face's name, if GGUF's is known.
  static Optional<String> huggingFace(String gguf) {
    Matcher block = BLOCK.matcher(gguf);
    if (!block.matches()) {
      return Optional.ofNullable(WHOLE.get(gguf));
    }
    return Optional.ofNullable(IN_BLOCK.get(block.group(2)))
        .map(part -> "model.layers.%s.%s.%s".formatted(block.group(1), part, block.group(3)));
  }
}
