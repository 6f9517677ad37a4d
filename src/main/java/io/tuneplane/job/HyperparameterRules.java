package io.tuneplane.job;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks hyperparameters and resolves what was left `auto`. The ranges are those of OpenAI's
/// published API description (2026-08-21): 1 to 50 epochs, batches of 1 to 256, a multiplier above
/// 0, a beta above 0 and at most 2.
public final class HyperparameterRules {

  /// The learning rate that a multiplier of 1 stands for, where the catalogue names none.
  public static final double LORA_SUPERVISED_BASE = 2e-4;

  /// The same for dpo.
  public static final double LORA_DPO_BASE = 5e-6;

  /// The share of the examples in a batch left to us.
  static final double AUTO_BATCH_SHARE = 0.002;

  /// From this many examples on, 3 epochs are enough.
  static final long AUTO_EPOCHS_KNEE = 100;

  static final double AUTO_BETA = 0.1;

  private HyperparameterRules() {}

  /// What is out of range.
  public static List<Problem> check(HyperparameterChoices choices) {
    List<Problem> problems = new ArrayList<>();
    choices.epochs().value().ifPresent(v -> range(problems, "n_epochs", v, 1, 50));
    choices.batchSize().value().ifPresent(v -> range(problems, "batch_size", v, 1, 256));
    choices
        .learningRateMultiplier()
        .value()
        .filter(v -> !(v > 0) || v.isInfinite())
        .ifPresent(v -> problems.add(problem("learning_rate_multiplier", "above 0", v)));
    choices
        .beta()
        .value()
        .filter(v -> !(v > 0 && v <= 2))
        .ifPresent(v -> problems.add(problem("beta", "above 0 and at most 2", v)));
    checkLora(choices.lora(), problems);
    return problems;
  }

  private static void checkLora(LoraChoices lora, List<Problem> problems) {
    range(problems, "lora_rank", lora.rank(), 1, 256);
    if (!(lora.alpha() > 0) || Double.isInfinite(lora.alpha())) {
      problems.add(problem("lora_alpha", "above 0", lora.alpha()));
    }
    if (!(lora.dropout() >= 0 && lora.dropout() < 1)) {
      problems.add(problem("lora_dropout", "0 to below 1", lora.dropout()));
    }
    List<String> unknown =
        lora.targetModules().stream().filter(m -> !Lora.ALL_LINEAR.contains(m)).toList();
    if (!unknown.isEmpty() || lora.targetModules().isEmpty()) {
      problems.add(problem("target_modules", "some of " + Lora.ALL_LINEAR, lora.targetModules()));
    }
  }

  private static void range(List<Problem> problems, String field, int value, int low, int high) {
    if (value < low || value > high) {
      problems.add(problem(field, low + " to " + high, value));
    }
  }

  private static Problem problem(String field, String expected, Object found) {
    return new Problem(
        "hyperparameters." + field, "must be " + expected + " or \"auto\", not " + found);
  }

  /// Resolves every `auto`.
  ///
  /// @param examples how many examples the training file has
  /// @param catalogueBase the base learning rate that the catalogue has calibrated for this model
  ///   and method
  public static Hyperparameters resolve(
      HyperparameterChoices choices, Method method, long examples, Optional<Double> catalogueBase) {
    double base =
        catalogueBase.orElse(
            switch (method) {
              case SUPERVISED -> LORA_SUPERVISED_BASE;
              case DPO -> LORA_DPO_BASE;
            });
    double multiplier = choices.learningRateMultiplier().orElse(() -> 1.0);
    LoraChoices lora = choices.lora();
    return new Hyperparameters(
        choices.epochs().orElse(() -> autoEpochs(examples)),
        choices.batchSize().orElse(() -> autoBatchSize(examples)),
        base * multiplier,
        multiplier,
        choices.beta().orElse(() -> AUTO_BETA),
        Optional.of(
            new Lora(
                lora.rank(),
                lora.alpha(),
                lora.dropout(),
                lora.targetModules(),
                lora.rankStabilized())),
        choices.quantization());
  }

  public static int autoEpochs(long examples) {
    if (examples >= AUTO_EPOCHS_KNEE) {
      return 3;
    }
    return Math.clamp(Math.ceilDiv(300, Math.max(1, examples)), 3, 10);
  }

  static int autoBatchSize(long examples) {
    return Math.clamp(Math.round(AUTO_BATCH_SHARE * examples), 4, 64);
  }
}
