package io.tuneplane.model;

import java.util.List;

/// How much memory a piece of work needs, part by part. An estimate, meant to refuse what can't fit
/// and to size a pod: on SmolLM2-135M in fp32 on a CPU it was within 8 % of the peak that was
/// measured (2.3 GB for 4 x 128 tokens, 2.6 GB for 1 x 512, 2.2 GB for 8 x 64).
///
/// @param parts what the memory is for
public record MemoryEstimate(List<Part> parts) {

  /// The process before it holds any tensor: the JVM, libtorch or ONNX Runtime, their threads.
  private static final long PROCESS_BYTES = 450L << 20;

  /// Arrays of the hidden width that a block keeps for its backward pass.
  private static final int SAVED_HIDDEN = 9;

  /// Arrays of the MLP's width: gate, up, the activated gate and their product.
  private static final int SAVED_INTERMEDIATE = 4;

  /// Arrays of heads x tokens x tokens: the scores and their softmax.
  private static final int SAVED_SCORES = 2;

  /// The share of the tokens that are learnt, for which logits are computed; three arrays of the
  /// vocabulary's width: logits, their softmax, its gradient.
  private static final double LEARNT_SHARE = 0.5;

  private static final int LOGIT_ARRAYS = 3;

  /// An adapter's weight, its gradient, and Adam's two moments, in fp32.
  private static final int BYTES_PER_TRAINED_WEIGHT = 16;

  private static final int FLOAT_BYTES = 4;

  public MemoryEstimate {
    parts = List.copyOf(parts);
  }

  /// One use of memory, in bytes.
  public record Part(String what, long bytes) {}

  /// How weights are held.
  public enum Precision {
    FP32(4),
    BF16(2),
    /// Blocks of 32 with an fp32 scale.
    INT8(1 + 4.0 / 32),
    /// Blocks of 32 with an fp32 scale.
    INT4(0.5 + 4.0 / 32);

    private final double bytes;

    Precision(double bytes) {
      this.bytes = bytes;
    }

    long of(long values) {
      return (long) Math.ceil(values * bytes);
    }

    boolean quantised() {
      return this == INT8 || this == INT4;
    }
  }

  /// The whole, in bytes.
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /// Holding the weights: the linear layers in the precision given, and, where that is a quantised
  /// one, the embedding in fp32 beside them.
  public static MemoryEstimate toLoad(ModelShape shape, Precision precision) {
    return new MemoryEstimate(List.of(process(), weights(shape, precision)));
  }

  /// Training a LoRA adapter: the frozen weights, fused copies of q, k, v and of gate, up, the
  /// adapter with its optimiser, and what the forward pass keeps for the backward pass: `layers x
  /// (tokens x (9 hidden + 4 intermediate) + 2 heads x batch x sequence^2)` values, and the logits
  /// of the learnt tokens in fp32.
  ///
  /// @param precision FP32 or BF16; quantised weights are computed on in BF16
  /// @param batch sequences in one forward pass
  /// @param sequence tokens in each
  /// @param rank the adapter's
  public static MemoryEstimate toTrainLora(
      ModelShape shape, Precision precision, int batch, int sequence, int rank) {
    Precision computed = precision.quantised() ? Precision.BF16 : precision;
    long tokens = (long) batch * sequence;
    long perToken =
        (long) SAVED_HIDDEN * shape.hiddenSize()
            + (long) SAVED_INTERMEDIATE * shape.intermediateSize();
    long scores = (long) SAVED_SCORES * shape.heads() * tokens * sequence;
    long logits = (long) (LEARNT_SHARE * tokens * shape.vocabSize() * LOGIT_ARRAYS);
    return new MemoryEstimate(
        List.of(
            process(),
            weights(shape, precision),
            new Part("fused copies", precision.quantised() ? 0 : computed.of(fused(shape))),
            new Part(
                "adapter and optimiser", shape.loraParameters(rank) * BYTES_PER_TRAINED_WEIGHT),
            new Part("activations", computed.of(shape.layers() * (tokens * perToken + scores))),
            new Part("logits", logits * FLOAT_BYTES)));
  }

  private static long fused(ModelShape shape) {
    long qkv = ((long) shape.heads() + 2L * shape.kvHeads()) * shape.headDim();
    return (long) shape.layers() * shape.hiddenSize() * (qkv + 2L * shape.intermediateSize());
  }

  /// Serving: the weights, and for each sequence the keys and values of its whole context, in fp32
  /// (BF16 where the weights are).
  ///
  /// @param sequences answered at once
  /// @param context tokens of each, prompt and answer
  public static MemoryEstimate toServe(
      ModelShape shape, Precision precision, int sequences, int context) {
    Precision cache = precision == Precision.BF16 ? Precision.BF16 : Precision.FP32;
    long values = 2L * shape.layers() * shape.kvHeads() * shape.headDim() * sequences * context;
    return new MemoryEstimate(
        List.of(
            process(),
            weights(shape, precision),
            new Part("keys and values", cache.of(values)),
            new Part("logits", (long) sequences * shape.vocabSize() * FLOAT_BYTES)));
  }

  private static Part process() {
    return new Part("process", PROCESS_BYTES);
  }

  private static Part weights(ModelShape shape, Precision precision) {
    if (!precision.quantised()) {
      return new Part("weights", precision.of(shape.parameters()));
    }
    long linear =
        shape.tieWordEmbeddings()
            ? shape.parameters() // the tied embedding is the head once more
            : shape.parameters() - shape.embeddingParameters();
    return new Part(
        "weights", precision.of(linear) + Precision.FP32.of(shape.embeddingParameters()));
  }
}
