package io.tuneplane.backend.local;

import io.tuneplane.backend.Method;
import io.tuneplane.backend.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The work as the runner reads it: `job.json`, by `docs/schemas/runner/job.schema.json`.
record JobFile(
    String mark,
    int attempt,
    Base baseModel,
    @Nullable StartAdapter startAdapter,
    String method,
    Hyperparameters hyperparameters,
    Data data,
    long seed,
    String compute,
    Limits limits) {

  /// Every step's figures are events, so a checkpoint is only needed against loss of work.
  private static final int CHECKPOINT_EVERY_SECONDS = 60;

  private static final int VALIDATE_EVERY_STEPS = 10;

  // As Hugging Face's trainers for LoRA on small models: a short warm-up, then down to zero.
  private static final double WARMUP_RATIO = 0.03;

  private static final String SCHEDULE = "linear";

  private static final double MAX_GRAD_NORM = 1;

  record Base(String name, String path, String digest) {}

  record StartAdapter(String path, String digest) {}

  record Lora(int r, double alpha, double dropout, List<String> targetModules, boolean useRslora) {}

  record Hyperparameters(
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
      int maxLength) {}

  record Data(String train, @Nullable String validation) {}

  record Limits(
      int threads,
      @Nullable Long memoryBytes,
      int checkpointEverySteps,
      int checkpointEverySeconds,
      int validateEverySteps,
      @Nullable Long spin) {}

  /// The work of a spec, before its first attempt.
  ///
  /// @param spec has been checked, so it has an adapter
  /// @param start the adapter to go on from; null for a fresh one
  static JobFile of(
      String mark,
      TrainingSpec spec,
      Base base,
      @Nullable StartAdapter start,
      int maxLength,
      int threads) {
    return new JobFile(
        mark,
        0,
        base,
        start,
        spec.method().wireName(),
        hyperparameters(spec, maxLength),
        new Data(
            RunDirectory.TRAIN, spec.validationFile().isPresent() ? RunDirectory.VALIDATION : null),
        spec.seed(),
        "auto",
        new Limits(threads, null, 0, CHECKPOINT_EVERY_SECONDS, VALIDATE_EVERY_STEPS, null));
  }

  private static Hyperparameters hyperparameters(TrainingSpec spec, int maxLength) {
    var asked = spec.hyperparameters();
    var lora = asked.lora().orElseThrow();
    return new Hyperparameters(
        asked.epochs(),
        asked.batchSize(),
        asked.learningRate(),
        asked.learningRateMultiplier(),
        spec.method() == Method.DPO ? asked.beta() : null,
        new Lora(
            lora.rank(), lora.alpha(), lora.dropout(), lora.targetModules(), lora.rankStabilized()),
        SCHEDULE,
        WARMUP_RATIO,
        0,
        MAX_GRAD_NORM,
        true,
        maxLength);
  }

  /// Work that is never done: what a measurement of speed needs to know of a job.
  static JobFile toMeasure(Base base, int threads) {
    Lora lora = new Lora(8, 16, 0, io.tuneplane.backend.Hyperparameters.Lora.ALL_LINEAR, false);
    Hyperparameters usual =
        new Hyperparameters(
            1, 4, 1e-4, 1, null, lora, SCHEDULE, WARMUP_RATIO, 0, MAX_GRAD_NORM, true, 128);
    return new JobFile(
        "calibrate",
        1,
        base,
        null,
        Method.SUPERVISED.wireName(),
        usual,
        new Data(RunDirectory.TRAIN, null),
        1,
        "auto",
        new Limits(threads, null, 0, 0, 0, null));
  }

  /// The same work, once more.
  JobFile again(int attempt, Threading threading, @Nullable Long memoryBytes) {
    Limits next =
        new Limits(
            threading.threads(),
            memoryBytes,
            limits.checkpointEverySteps,
            limits.checkpointEverySeconds,
            limits.validateEverySteps,
            threading.spins() ? Threading.SPIN_COUNT : null);
    return new JobFile(
        mark, attempt, baseModel, startAdapter, method, hyperparameters, data, seed, compute, next);
  }
}
