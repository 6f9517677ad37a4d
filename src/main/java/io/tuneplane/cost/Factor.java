package io.tuneplane.cost;

import java.util.Locale;

/// A number that a cost depends on and that may be uncertain. The first ones come with the
/// question, the others are assumptions of the price book.
public enum Factor {
  MONTHLY_REQUESTS("requests in the first month"),
  INPUT_TOKENS("tokens of a prompt"),
  OUTPUT_TOKENS("tokens of an answer"),
  GROWTH_PER_MONTH("growth a month"),
  /// The busiest minutes' rate over the mean rate: replicas are sized for it.
  PEAK_TO_MEAN("the peak over the mean rate"),
  /// The part of the peak FLOP/s that training turns into the model's arithmetic (Chowdhery et al.,
  /// 2022, arXiv:2204.02311, appendix B).
  TRAINING_MFU("the training efficiency (MFU)"),
  /// The same for serving, at two FLOP a parameter and token.
  SERVING_MFU("the serving efficiency"),
  /// FLOP a parameter and token when all weights are trained.
  FULL_FLOP_PER_PARAMETER("FLOP a parameter and token, full"),
  /// FLOP a parameter and token when only an adapter is trained.
  LORA_FLOP_PER_PARAMETER("FLOP a parameter and token, LoRA"),
  /// Minutes that are paid before the first step: image, weights, compilation.
  STARTUP_MINUTES("start-up minutes"),
  HOURS_PER_MONTH("hours a month"),
  MINIMUM_REPLICAS("the fewest replicas"),
  /// Memory a replica needs over the size of its 16-bit weights.
  MEMORY_FACTOR("memory over the weights' size"),
  /// The part of an accelerator's memory that a server can use.
  USABLE_MEMORY("usable memory");

  private final String words;

  Factor(String words) {
    this.words = words;
  }

  /// The name in the price book and in answers.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The name for people.
  public String words() {
    return words;
  }

  /// Whether the price book must hold it; the others come with the question.
  boolean isAssumption() {
    return switch (this) {
      case MONTHLY_REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, GROWTH_PER_MONTH -> false;
      case PEAK_TO_MEAN,
          TRAINING_MFU,
          SERVING_MFU,
          FULL_FLOP_PER_PARAMETER,
          LORA_FLOP_PER_PARAMETER,
          STARTUP_MINUTES,
          HOURS_PER_MONTH,
          MINIMUM_REPLICAS,
          MEMORY_FACTOR,
          USABLE_MEMORY ->
          true;
    };
  }
}
