package io.tuneplane.backend.kubernetes.sizing;

import io.tuneplane.model.ModelShape;

/// Sizes of well-known models, from their `config.json` on the hub.
final class Shapes {

  static final ModelShape LLAMA_8B =
      new ModelShape(128_256, 4096, 14_336, 32, 32, 8, 128, false, false);
  static final ModelShape LLAMA_70B =
      new ModelShape(128_256, 8192, 28_672, 80, 64, 8, 128, false, false);
  static final ModelShape MISTRAL_7B =
      new ModelShape(32_000, 4096, 14_336, 32, 32, 8, 128, false, false);
  static final ModelShape SMOLLM2_135M =
      new ModelShape(49_152, 576, 1536, 30, 9, 3, 64, false, true);

  // The first Qwen. Its `intermediate_size` counts gate and up together.
  static final ModelShape QWEN_1_8B =
      new ModelShape(151_936, 2048, 5504, 24, 16, 16, 128, true, false);
  static final ModelShape QWEN_7B =
      new ModelShape(151_936, 4096, 11_008, 32, 32, 32, 128, true, false);
  static final ModelShape QWEN_14B =
      new ModelShape(152_064, 5120, 13_696, 40, 40, 40, 128, true, false);

  private Shapes() {}
}
