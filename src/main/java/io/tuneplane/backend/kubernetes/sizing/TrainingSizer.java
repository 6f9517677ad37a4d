package io.tuneplane.backend.kubernetes.sizing;

import io.tuneplane.backend.kubernetes.sizing.TrainingSize.Fits;
import io.tuneplane.backend.kubernetes.sizing.TrainingSize.TooLarge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Chooses GPUs for a training run: the smallest kind on which one pass of its longest example
/// fits, and as few of them as do.
///
/// @param types the kinds that there are
public record TrainingSizer(List<GpuType> types) {

  /// A pass beyond this many tokens gains nothing: the GPU is busy. The trainer's own bound.
  private static final long USUAL_PASS = 8192;

  public TrainingSizer {
    types =
        types.stream()
            .sorted(Comparator.comparingLong(GpuType::memoryBytes).thenComparing(GpuType::name))
            .toList();
  }

  /// A run to be placed.
  ///
  /// @param model the model's name, for words
  /// @param need its memory
  /// @param sequence tokens of its longest example
  /// @param batch examples of one optimiser step
  public record Run(String model, TrainingNeed need, int sequence, int batch) {}

  /// Chooses.
  public TrainingSize size(Run run, Asked asked) {
    List<GpuType> candidates =
        types.stream()
            .filter(t -> asked.type().map(t.name()::equals).orElse(true))
            .filter(t -> t.total() > 0)
            .toList();
    if (candidates.isEmpty()) {
      return new TooLarge(noneOf(asked), List.of());
    }
    return candidates.stream()
        .flatMap(type -> layouts(type, run, asked).stream())
        .flatMap(layout -> fit(run, layout).stream())
        .findFirst()
        .<TrainingSize>map(fits -> fits)
        .orElseGet(() -> tooLarge(run, asked, candidates));
  }

  private String noneOf(Asked asked) {
    String there =
        types.isEmpty()
            ? "it has none"
            : "it has "
                + types.stream()
                    .map(t -> "%d x %s".formatted(t.total(), t.name()))
                    .collect(Collectors.joining(", "));
    return asked
        .type()
        .map(type -> "the cluster has no GPU of type %s; %s".formatted(type, there))
        .orElse("the cluster has no GPU; " + there);
  }

  private record Layout(GpuType type, int gpus, int nodes) {}

  private static List<Layout> layouts(GpuType type, Run run, Asked asked) {
    List<Layout> layouts = new ArrayList<>();
    for (int gpus : counts(type, run, asked)) {
      int nodes = asked.nodes().orElse(Math.ceilDiv(gpus, type.perNode()));
      boolean even = nodes > 0 && gpus % nodes == 0;
      if (even && gpus / nodes <= type.perNode() && nodes <= type.nodes()) {
        layouts.add(new Layout(type, gpus, nodes));
      }
    }
    return layouts;
  }

  /// Every GPU holds the frozen weights of a LoRA whole, so more of them help speed alone: one,
  /// unless somebody asks. Full training is spread until it fits.
  private static List<Integer> counts(GpuType type, Run run, Asked asked) {
    if (asked.gpus().isPresent()) {
      return List.of(asked.gpus().getAsInt());
    }
    int least = asked.nodes().orElse(1);
    return switch (run.need().tuning()) {
      case Tuning.Lora _ -> List.of(least);
      case Tuning.Full _ ->
          IntStream.concat(
                  IntStream.iterate(1, n -> n <= type.perNode(), n -> 2 * n),
                  IntStream.rangeClosed(1, type.nodes()).map(n -> n * type.perNode()))
              .filter(n -> n >= least)
              .distinct()
              .boxed()
              .toList();
    };
  }

  private static Optional<Fits> fit(Run run, Layout layout) {
    long room = run.need().tokensIn(layout.type().usableBytes(), layout.gpus());
    if (room < run.sequence()) {
      return Optional.empty();
    }
    long share = (long) Math.ceilDiv(run.batch(), layout.gpus()) * run.sequence();
    long tokens = Math.max(run.sequence(), Math.min(share, Math.min(room, USUAL_PASS)));
    Memory memory = run.need().memory(tokens, layout.gpus());
    return Optional.of(
        new Fits(
            layout.type(),
            layout.gpus(),
            layout.nodes(),
            tokens,
            memory,
            why(run, layout, memory, tokens)));
  }

  private static List<String> why(Run run, Layout layout, Memory memory, long tokens) {
    List<String> why = new ArrayList<>();
    why.add(
        "%s, %s: %s x %s in %s"
            .formatted(
                run.model(),
                run.need().tuning().word(),
                layout.gpus(),
                layout.type().name(),
                layout.nodes() == 1 ? "one pod" : layout.nodes() + " pods"));
    why.addAll(memory.lines());
    why.add(
        "%-22s %9s = 90 %% of %s"
            .formatted(
                "may be filled",
                Memory.gib(layout.type().usableBytes()),
                Memory.gib(layout.type().memoryBytes())));
    why.add(
        "passes of up to %d tokens (%d examples of the longest kind) make steps of %d examples"
            .formatted(tokens, tokens / run.sequence(), run.batch()));
    return why;
  }

  private TooLarge tooLarge(Run run, Asked asked, List<GpuType> candidates) {
    GpuType largest = candidates.getLast();
    List<Layout> layouts = layouts(largest, run, asked);
    if (layouts.isEmpty()) {
      return new TooLarge(impossible(asked, candidates), List.of());
    }
    Layout widest = layouts.getLast();
    Memory memory = run.need().memory(run.sequence(), widest.gpus());
    return new TooLarge(
        "%s needs %s on each of %d GPUs for one example of %d tokens (%s), and the largest here, %s,"
                .formatted(
                    run.model(),
                    Memory.gib(memory.bytes()),
                    widest.gpus(),
                    run.sequence(),
                    run.need().tuning().word(),
                    largest.name())
            + " may be filled to %s; %s"
                .formatted(Memory.gib(largest.usableBytes()), advice(run.need().tuning())),
        memory.lines());
  }

  private static String advice(Tuning tuning) {
    return switch (tuning) {
      case Tuning.Full _ -> "train an adapter instead of all weights, or add nodes";
      case Tuning.Lora lora ->
          lora.fourBit()
              ? "take a smaller model, or shorten the longest examples"
              : "hold the base in four bits (--quantization 4bit), or take a smaller model";
    };
  }

  private static String impossible(Asked asked, List<GpuType> candidates) {
    String there =
        candidates.stream()
            .map(t -> "%s: %d nodes of %d GPUs".formatted(t.name(), t.nodes(), t.perNode()))
            .collect(Collectors.joining("; "));
    String wanted =
        asked.gpus().stream().mapToObj(n -> n + " GPUs").findFirst().orElse("as many GPUs")
            + asked.nodes().stream().mapToObj(n -> " over " + n + " nodes").findFirst().orElse("");
    return wanted + " can't be laid out evenly here (" + there + ")";
  }
}
