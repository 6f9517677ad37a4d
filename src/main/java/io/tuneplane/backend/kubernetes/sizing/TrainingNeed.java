package io.tuneplane.backend.kubernetes.sizing;

import io.tuneplane.backend.kubernetes.sizing.Memory.Use;
import io.tuneplane.model.ModelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The memory that training needs on one GPU, computed in bf16 as the trainer of `gpu-images/trl`
/// does it (`tuneplane_trl/memory.py` has the same formula): a fixed part, and a part for each
/// token of a pass.
///
/// @param shape the model's sizes
/// @param tuning what is trained
/// @param checkpointing whether activations are computed twice, so that only each layer's input is
///   kept
/// @param head how logits are held
public record TrainingNeed(ModelShape shape, Tuning tuning, boolean checkpointing, Head head) {

  /// A CUDA context, libraries' workspaces and NCCL's buffers.
  private static final long PROCESS = 1L << 30;

  private static final int BF16 = 2;

  /// fp32 weight and gradient, and Adam's two fp32 moments: 4 x 4. (Rajbhandari et al., 2020,
  /// arXiv: 1910.02054, part 3.1, comes to the same 16 for mixed precision.)
  private static final int TRAINED = 16;

  /// NF4 in blocks of 64 with doubly quantised constants is 0.516 bytes (Dettmers et al., 2023,
  /// arXiv:2305.14314, part 3); what bitsandbytes rounds up makes it 0.56.
  private static final double NF4 = 0.56;

  /// How the logits of a pass are held.
  ///
  /// @param rows rows at once; 0 for all tokens of the pass
  /// @param bytesPerEntry bytes for each entry of the vocabulary in each row
  public record Head(int rows, int bytesPerEntry) {

    /// TRL's fused head: 256 rows at once, as logits, their softmax and its gradient in fp32.
    public static final Head FUSED = new Head(256, 12);

    /// A head that holds all logits.
    public static Head whole(int bytesPerEntry) {
      return new Head(0, bytesPerEntry);
    }
  }

  /// The need as the trainer of ours has it on a GPU.
  public static TrainingNeed of(ModelShape shape, Tuning tuning) {
    return new TrainingNeed(shape, tuning, true, Head.FUSED);
  }

  /// What one GPU needs.
  ///
  /// @param tokens the tokens of one pass on it
  /// @param gpus how many GPUs share the work
  public Memory memory(long tokens, int gpus) {
    List<Use> uses = new ArrayList<>(fixed(gpus));
    uses.add(activations(tokens));
    if (head.rows() == 0) {
      uses.add(logits(tokens));
    }
    return new Memory(uses);
  }

  /// The most tokens of one pass that fit into so many bytes; 0 where not even one does.
  public long tokensIn(long bytes, int gpus) {
    long free = bytes - fixedBytes(gpus);
    return Math.max(0, free / perToken());
  }

  long fixedBytes(int gpus) {
    return fixed(gpus).stream().mapToLong(Use::bytes).sum();
  }

  private List<Use> fixed(int gpus) {
    List<Use> uses = new ArrayList<>();
    uses.add(new Use("process", "CUDA context, workspaces, NCCL", PROCESS));
    switch (tuning) {
      case Tuning.Full _ -> uses.addAll(full(gpus));
      case Tuning.Lora lora -> uses.addAll(lora(lora));
    }
    if (head.rows() > 0) {
      uses.add(logits(head.rows()));
    }
    return uses;
  }

  private List<Use> full(int gpus) {
    long all = shape.parameters();
    long gathered = Math.max(matrices() / shape.layers(), shape.embeddingParameters());
    return List.of(
        new Use(
            "weights and optimiser",
            "%s weights x %d B (fp32 weight, gradient, two moments) / %d GPUs"
                .formatted(millions(all), TRAINED, gpus),
            TRAINED * all / gpus),
        new Use(
            "gathered layer",
            "%s weights x %d B, the largest part that FSDP holds whole"
                .formatted(millions(gathered), BF16),
            BF16 * gathered));
  }

  private List<Use> lora(Tuning.Lora lora) {
    long adapter = lora.parameters(shape);
    long whole = shape.parameters() - matrices();
    return List.of(
        lora.fourBit()
            ? new Use(
                "weights",
                "%s in linear layers x %.2f B (NF4) + %s others x %d B"
                    .formatted(millions(matrices()), NF4, millions(whole), BF16),
                (long) (NF4 * matrices()) + BF16 * whole)
            : new Use(
                "weights",
                "%s weights x %d B (bf16)".formatted(millions(shape.parameters()), BF16),
                BF16 * shape.parameters()),
        new Use(
            "adapter and optimiser",
            "%s weights at rank %d x %d B".formatted(millions(adapter), lora.rank(), TRAINED),
            TRAINED * adapter));
  }

  private Use activations(long tokens) {
    String kept =
        checkpointing
            ? "%d layers x 2 x %d hidden x %d B + 2 x one layer's %d B"
                .formatted(shape.layers(), shape.hiddenSize(), BF16, layer())
            : "%d layers x %d B".formatted(shape.layers() + 1, layer());
    return new Use(
        "activations", "%d tokens x (%s)".formatted(tokens, kept), tokens * activationsPerToken());
  }

  private Use logits(long rows) {
    return new Use(
        "logits",
        "%d rows x %d entries x %d B".formatted(rows, shape.vocabSize(), head.bytesPerEntry()),
        rows * shape.vocabSize() * head.bytesPerEntry());
  }

  private long perToken() {
    long logits = head.rows() == 0 ? (long) shape.vocabSize() * head.bytesPerEntry() : 0;
    return activationsPerToken() + logits;
  }

  private long activationsPerToken() {
    return checkpointing
        ? (long) shape.layers() * 2 * BF16 * shape.hiddenSize() + 2 * layer()
        : (shape.layers() + 1) * layer();
  }

  /// What one layer keeps of one token for the backward pass: norms and residuals, queries, keys,
  /// values, their rotated copies and the attention's output, and the MLP's six arrays.
  private long layer() {
    long attention = (long) shape.heads() * shape.headDim();
    long keys = 2L * shape.kvHeads() * shape.headDim();
    return BF16
        * (8L * shape.hiddenSize() + 3 * attention + 2 * keys + 6L * shape.intermediateSize());
  }

  private long matrices() {
    long attention = (long) shape.heads() * shape.headDim();
    long keys = 2L * shape.kvHeads() * shape.headDim();
    return shape.layers()
        * (shape.hiddenSize() * (2 * attention + keys)
            + 3L * shape.hiddenSize() * shape.intermediateSize());
  }

  static String millions(long count) {
    return count >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.2f G", count / 1e9)
        : String.format(Locale.ROOT, "%.1f M", count / 1e6);
  }
}
