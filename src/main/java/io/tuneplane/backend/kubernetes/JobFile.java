package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The work as the runner reads it: `job.json`, by `docs/schemas/runner/job.schema.json`. The paths
/// in it are the pod's to replace with its own.
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobFile(
    String mark,
    int attempt,
    Base baseModel,
    @Nullable StartAdapter startAdapter,
    String method,
    Settings hyperparameters,
    Data data,
    long seed,
    String compute,
    Limits limits) {

  static final String NAME = "job.json";
  static final String TRAIN = "train.jsonl";
  static final String VALIDATION = "validation.jsonl";

  private static final int CHECKPOINT_EVERY_SECONDS = 300;
  private static final int VALIDATE_EVERY_STEPS = 10;
  private static final double WARMUP_RATIO = 0.03;
  private static final double MAX_GRAD_NORM = 1;

  record Base(String name, String path, String digest) {}

  record StartAdapter(String path, String digest) {}

  record Lora(int r, double alpha, double dropout, List<String> targetModules, boolean useRslora) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Settings(
      int nEpochs,
      int batchSize,
      double learningRate,
      double learningRateMultiplier,
      @Nullable Double beta,
      Lora lora,
      String schedule,
      double warmupRatio,
      double weightDecay,
      double maxGradNorm,
      boolean packing,
      int maxLength,
      @Nullable String quantization,
      @Nullable Boolean full) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Data(String train, @Nullable String validation) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Limits(
      int threads,
      @Nullable Long memoryBytes,
      int checkpointEverySteps,
      int checkpointEverySeconds,
      int validateEverySteps,
      @Nullable Long passTokens) {

    private Limits half() {
      return new Limits(
          threads,
          memoryBytes == null ? null : Long.valueOf(memoryBytes / 2),
          checkpointEverySteps,
          checkpointEverySeconds,
          validateEverySteps,
          passTokens == null ? null : Long.valueOf(Math.max(1, passTokens / 2)));
    }
  }

  /// The work of a spec.
  ///
  /// @param start the adapter to go on from; null for a fresh one
  /// @param maxLength the longest example, in tokens
  /// @param threads processors of the pod
  /// @param passTokens the most tokens of a pass; null where the runner decides
  static JobFile of(
      String mark,
      TrainingSpec spec,
      Base base,
      @Nullable StartAdapter start,
      int maxLength,
      int threads,
      @Nullable Long passTokens) {
    return new JobFile(
        mark,
        1,
        base,
        start,
        spec.method().wireName(),
        settings(spec, maxLength),
        new Data(TRAIN, spec.validationFile().isPresent() ? VALIDATION : null),
        spec.seed(),
        "auto",
        new Limits(threads, null, 0, CHECKPOINT_EVERY_SECONDS, VALIDATE_EVERY_STEPS, passTokens));
  }

  private static Settings settings(TrainingSpec spec, int maxLength) {
    Hyperparameters asked = spec.hyperparameters();
    Hyperparameters.Lora lora =
        asked
            .lora()
            .orElseGet(
                () -> new Hyperparameters.Lora(8, 16, 0, Hyperparameters.Lora.ALL_LINEAR, false));
    return new Settings(
        asked.epochs(),
        asked.batchSize(),
        asked.learningRate(),
        asked.learningRateMultiplier(),
        spec.method() == Method.DPO ? asked.beta() : null,
        new Lora(
            lora.rank(), lora.alpha(), lora.dropout(), lora.targetModules(), lora.rankStabilized()),
        "linear",
        WARMUP_RATIO,
        0,
        MAX_GRAD_NORM,
        true,
        maxLength,
        asked.quantization().orElse(null),
        asked.lora().isEmpty() ? Boolean.TRUE : null);
  }

  /// The same work in smaller passes: the same examples make a step.
  JobFile withLessMemory() {
    return new JobFile(
        mark,
        attempt,
        baseModel,
        startAdapter,
        method,
        hyperparameters,
        data,
        seed,
        compute,
        limits.half());
  }
}
