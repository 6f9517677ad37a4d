package io.tuneplane.runner.train;

import io.tuneplane.dataset.Encoded;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.Models;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// `runner calibrate DIR`: how fast this machine trains the model of a job, from a few steps on
/// random tokens. Reads `job.json` alone; writes nothing.
public final class CalibrateCommand {

  private static final int SEQUENCES = 4;
  private static final int LENGTH = 128;
  private static final int STEPS = 3;

  private final Path folder;

  public CalibrateCommand(Path folder) {
    this.folder = folder;
  }

  /// The measurement (`docs/schemas/runner/calibration.schema.json`).
  ///
  /// @param tokensPerSecond of the best of a few steps of 4 x 128 tokens, half of them learnt
  /// @param compute the arithmetic that was measured, and that the job would use
  /// @param threads as the job says
  /// @param fp32FlopsPerSecond of a product of matrices of this model, the practical peak
  /// @param bf16FlopsPerSecond the same in bfloat16
  /// @param loadSeconds to read the model
  /// @param peakMemoryBytes of this process; 0 where the system does not say
  public record Calibration(
      double tokensPerSecond,
      String compute,
      int threads,
      double fp32FlopsPerSecond,
      double bf16FlopsPerSecond,
      double loadSeconds,
      long peakMemoryBytes) {

    /// One line of JSON.
    public String json() {
      return new String(RunnerJson.line(this), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /// Measures.
  ///
  /// @throws io.tuneplane.runner.RunnerException if the job can't be read
  public Calibration run() {
    TrainingJob job = TrainingJob.read(folder.resolve("job.json"));
    Path path = Path.of(job.baseModel().path());
    try (Kernels kernels = Kernels.load(job.limits().threads())) {
      ModelConfig config;
      try (BaseModel base = Models.open(path)) {
        config = base.config();
      }
      ProductSpeed speed = new ProductSpeed(kernels);
      Precision precision = job.compute().precision(config);
      long start = System.nanoTime();
      try (Llama llama = new ModelLoader(kernels, path).load(precision, LENGTH)) {
        double loaded = seconds(start);
        double best = best(kernels, llama, precision, job.hyperparameters().lora());
        int in = config.hiddenSize();
        int out = 2 * config.intermediateSize();
        return new Calibration(
            SEQUENCES * LENGTH / best,
            precision.label(),
            job.limits().threads(),
            speed.flopsPerSecond(Precision.FP32, in, out),
            speed.flopsPerSecond(Precision.BF16, in, out),
            loaded,
            ProcessMemory.peak().orElse(0));
      }
    }
  }

  private static double best(Kernels kernels, Llama llama, Precision precision, Lora lora) {
    AdapterLayout layout = new AdapterLayout(llama.config(), lora);
    List<TrainingExample.Chat> batch = batch(llama.config());
    double best = Double.MAX_VALUE;
    try (Adapter adapter = new Adapter(kernels, layout, precision);
        SupervisedObjective objective = new SupervisedObjective(kernels, llama, lora.dropout())) {
      adapter.write(layout.initial(1));
      for (int step = 1; step <= STEPS; step++) {
        long start = System.nanoTime();
        try (Llama.Adapted adapted = Llama.Adapted.of(adapter, lora.scale())) {
          objective.learn(adapted, batch, objective.count(batch), step);
        }
        adapter.update(1 / (1 + adapter.gradientNorm()), step, 1e-4, 0);
        best = Math.min(best, seconds(start));
      }
    }
    return best;
  }

  private static List<TrainingExample.Chat> batch(ModelConfig config) {
    SplittableRandom random = new SplittableRandom(1);
    boolean[] target = new boolean[LENGTH];
    Arrays.fill(target, LENGTH / 2, LENGTH, true);
    return IntStream.range(0, SEQUENCES)
        .mapToObj(_ ->
            new TrainingExample.Chat(
                Sequence.of(
                    new Encoded(
                        random.ints(LENGTH, 0, config.vocabSize()).toArray(), target, false))))
        .toList();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
