package io.tuneplane.runner.serve.onnx;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A decoder of the Llama family as an ONNX graph.
///
/// Inputs: [#TOKENS] `[batch, length]`, [#LAST_POSITIONS] `[batch]` (tokens of each sequence after
/// this step, less one), [#TOTAL_LENGTH] (the longest sequence after this step), [#ROWS] `[batch,
/// rows, 1]` (the positions of this step whose logits are wanted), per layer the cache of keys and
/// values, and, with LoRA, the inputs that [Projection] names. Outputs: [#LOGITS] `[batch, rows,
/// vocabulary]` and the cache, which must be the very memory that came in.
///
/// @param model the serialised graph, without weights
/// @param initializers the weights
@SuppressWarnings("ArrayRecordComponent") // handed to ONNX Runtime once
public record DecoderGraph(byte[] model, List<Initializer> initializers) {

  public static final String TOKENS = "tokens";
  public static final String LAST_POSITIONS = "last_positions";
  public static final String TOTAL_LENGTH = "total_length";
  public static final String ROWS = "rows";
  public static final String LOGITS = "logits";

  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  /// The cache's input for one layer's keys or values.
  public static String past(int layer, CacheSide side) {
    return "past.%d.%s".formatted(layer, side);
  }

  /// The cache's output for one layer's keys or values.
  public static String present(int layer, CacheSide side) {
    return "present.%d.%s".formatted(layer, side);
  }

  /// Writes the graph.
  ///
  /// @param arena holds the weights that are not used as they lie in the file; must outlive the
  ///   session
  /// @param maxContext the longest sequence
  /// @param lora whether the graph takes adapters
  public static DecoderGraph of(
      ModelConfig config,
      Weights weights,
      Arena arena,
      Precision precision,
      int maxContext,
      boolean lora) {
    GraphBuilder graph = new GraphBuilder();
    WeightMemory memory = new WeightMemory(weights, arena);
    String x = inputs(graph, config, memory, maxContext);
    LayerGraph layers = new LayerGraph(graph, config, memory, p -> format(precision, p), lora);
    String hidden = layers.add(x);
    graph.node(
        "GatherND",
        List.of(hidden, ROWS),
        List.of("answered"),
        new Attribute.Whole("batch_dims", 1));
    String head = config.tieWordEmbeddings() || !memory.has(HEAD) ? EMBEDDING : HEAD;
    headFormat(precision).multiply(graph, memory, "answered", LOGITS, List.of(head));
    graph.output(
        LOGITS,
        ElementType.FLOAT,
        Dimension.of("batch"),
        Dimension.of("rows"),
        Dimension.of(config.vocabSize()));
    return new DecoderGraph(graph.model(), graph.initializers());
  }

  /// With 4 bits everywhere, a small model is ruined (`docs/serving.md`): only the widest matrices
  /// take them.
  private static MatrixFormat format(Precision precision, Projection projection) {
    return switch (precision) {
      case FP32 -> new FloatMatrix();
      case INT8 -> new BlockMatrix(new EightBitBlocks());
      case INT4 ->
          new BlockMatrix(
              switch (projection) {
                case GATE_UP -> new FourBitBlocks();
                case QKV, OUTPUT, DOWN -> new EightBitBlocks();
              });
    };
  }

  private static MatrixFormat headFormat(Precision precision) {
    return switch (precision) {
      case FP32 -> new FloatMatrix();
      case INT8, INT4 -> new BlockMatrix(new EightBitBlocks());
    };
  }

  /// Declares the inputs and returns the embedded tokens.
  private static String inputs(
      GraphBuilder graph, ModelConfig config, WeightMemory memory, int maxContext) {
    Dimension batch = Dimension.of("batch");
    graph.input(TOKENS, ElementType.INT64, batch, Dimension.of("length"));
    graph.input(LAST_POSITIONS, ElementType.INT32, batch);
    graph.input(TOTAL_LENGTH, ElementType.INT32);
    graph.input(ROWS, ElementType.INT64, batch, Dimension.of("rows"), Dimension.of(1));
    rotary(graph, config, memory, maxContext);
    Initializer table = memory.stored("embedding", EMBEDDING);
    graph.constant(table);
    graph.node("Gather", List.of(table.name(), TOKENS), List.of("embedded"));
    if (table.type() == ElementType.FLOAT) {
      return "embedded";
    }
    graph.node(
        "Cast",
        List.of("embedded"),
        List.of("embedded.float"),
        new Attribute.Whole("to", ElementType.FLOAT.code()));
    return "embedded.float";
  }

  private static void rotary(
      GraphBuilder graph, ModelConfig config, WeightMemory memory, int maxContext) {
    double[] frequencies = Rotary.frequencies(config);
    long[] shape = {maxContext, frequencies.length};
    MemorySegment cos = memory.allocate(shape[0] * shape[1] * Float.BYTES);
    MemorySegment sin = memory.allocate(shape[0] * shape[1] * Float.BYTES);
    for (int position = 0; position < maxContext; position++) {
      for (int i = 0; i < frequencies.length; i++) {
        long at = (long) position * frequencies.length + i;
        // transformers multiplies position and frequency in 32 bits; so do we, to stay on its
        // values.
        float angle = position * (float) frequencies[i];
        cos.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) Math.cos(angle));
        sin.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) Math.sin(angle));
      }
    }
    graph.constant(new Initializer("cos", ElementType.FLOAT, shape, cos));
    graph.constant(new Initializer("sin", ElementType.FLOAT, shape, sin));
  }
}
