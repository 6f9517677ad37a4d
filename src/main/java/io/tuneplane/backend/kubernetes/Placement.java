package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.HardwareWish;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.backend.kubernetes.RunRecord.Size;
import io.tuneplane.backend.kubernetes.sizing.Asked;
import io.tuneplane.backend.kubernetes.sizing.TrainingNeed;
import io.tuneplane.backend.kubernetes.sizing.TrainingSize;
import io.tuneplane.backend.kubernetes.sizing.TrainingSizer;
import io.tuneplane.backend.kubernetes.sizing.Tuning;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.MemoryEstimate;
import io.tuneplane.model.MemoryEstimate.Precision;
import io.tuneplane.model.ModelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The hardware that a run gets, and why; or why it gets none. Pure.
sealed interface Placement {

  /// It gets this.
  ///
  /// @param size the pods
  /// @param passTokens the most tokens of a pass; empty where the runner decides
  /// @param why how it came about, line by line
  record Placed(Size size, OptionalLong passTokens, List<String> why) implements Placement {

    public Placed {
      why = List.copyOf(why);
    }
  }

  /// It fits nowhere here.
  ///
  /// @param problem why
  /// @param why the arithmetic
  record Unplaced(Problem problem, List<String> why) implements Placement {

    public Unplaced {
      why = List.copyOf(why);
    }
  }

  /// Processors of a pod: what feeds one GPU, and what trains without one.
  int CPUS_PER_GPU = 4;

  int CPUS_ALONE = 2;

  /// Main memory of a pod besides the weights, which pass through it, for each GPU.
  long HOST_BYTES = 8L << 30;

  /// Tokens of a short example.
  int SHORT = 512;

  /// The least that a pod without a GPU is given; libraries alone take most of it.
  long LEAST_BYTES = 2L << 30;

  /// Chooses.
  ///
  /// @param sequence tokens of the longest example
  static Placement of(
      TrainingSpec spec,
      BaseModel model,
      int sequence,
      ClusterView cluster,
      ClusterSettings settings) {
    HardwareWish wish = spec.hardware();
    boolean none = wish.gpus().orElse(-1) == 0;
    boolean noneThere = cluster.kinds().isEmpty() && settings.images().djl().isPresent();
    ModelShape shape = model.config().shape();
    return none || (noneThere && wish.gpus().isEmpty())
        ? onProcessors(spec, shape, sequence)
        : onGpus(spec, shape, sequence, cluster);
  }

  /// Why a model could not even be trained with four-bit weights and short examples; empty where it
  /// could, or where there are no GPUs to ask of.
  static Optional<String> never(String name, ModelShape shape, TrainingSizer sizer) {
    if (sizer.types().isEmpty()) {
      return Optional.empty();
    }
    Tuning least = new Tuning.Lora(8, Hyperparameters.Lora.ALL_LINEAR, true);
    TrainingSizer.Run run = new TrainingSizer.Run(name, TrainingNeed.of(shape, least), SHORT, 1);
    return sizer.size(run, Asked.NOTHING) instanceof TrainingSize.TooLarge large
        ? Optional.of(large.words())
        : Optional.empty();
  }

  private static Placement onProcessors(TrainingSpec spec, ModelShape shape, int sequence) {
    if (spec.hyperparameters().lora().isEmpty()
        || spec.hyperparameters().quantization().isPresent()) {
      return new Unplaced(
          new Problem(
              "tuneplane.gpus",
              "without a GPU only LoRA adapters of unquantized models are trained"),
          List.of());
    }
    int rank = spec.hyperparameters().lora().get().rank();
    MemoryEstimate need =
        MemoryEstimate.toTrainLora(shape, Precision.FP32, 1, Math.max(sequence, 1024), rank);
    long memory = Math.max(LEAST_BYTES, need.bytes() + need.bytes() / 4);
    List<String> why = new ArrayList<>();
    why.add("%s: one pod without a GPU".formatted(spec.baseModel()));
    need.parts().forEach(p -> why.add("%s: %d MiB".formatted(p.what(), p.bytes() >> 20)));
    why.add("asked for: %d MiB, a quarter more".formatted(memory >> 20));
    return new Placed(new Size(null, 0, 1, CPUS_ALONE, memory), OptionalLong.empty(), why);
  }

  private static Placement onGpus(
      TrainingSpec spec, ModelShape shape, int sequence, ClusterView cluster) {
    HardwareWish wish = spec.hardware();
    TrainingSizer.Run run =
        new TrainingSizer.Run(
            spec.baseModel(),
            TrainingNeed.of(shape, tuning(spec.hyperparameters())),
            sequence,
            spec.hyperparameters().batchSize());
    Asked asked = new Asked(wish.gpus(), wish.nodes(), wish.gpuType());
    return switch (new TrainingSizer(cluster.types()).size(run, asked)) {
      case TrainingSize.Fits fits -> placed(fits, shape, cluster);
      case TrainingSize.TooLarge large ->
          new Unplaced(
              new Problem(
                  "model",
                  large.words()
                      + (large.why().isEmpty() ? "" : ": " + String.join("; ", large.why()))),
              large.why());
    };
  }

  private static Placement placed(TrainingSize.Fits fits, ModelShape shape, ClusterView cluster) {
    ClusterSettings.Gpu gpu = cluster.kind(fits.gpu().name()).orElseThrow().gpu();
    int gpus = fits.gpusPerNode();
    long host = HOST_BYTES * gpus + 2 * shape.parameters();
    return new Placed(
        new Size(gpu, gpus, fits.nodes(), CPUS_PER_GPU * gpus, host),
        OptionalLong.of(fits.passTokens()),
        fits.why());
  }

  private static Tuning tuning(Hyperparameters asked) {
    return asked
        .lora()
        .<Tuning>map(
            l -> new Tuning.Lora(l.rank(), l.targetModules(), asked.quantization().isPresent()))
        .orElseGet(Tuning.Full::new);
  }
}
