package io.tuneplane.runner.serve.onnx;

import io.tuneplane.model.ModelConfig;
import java.util.List;
import java.util.function.Function;

/// Writes the layers. Each is: attention on the normed input, added to it; the gated MLP on the
/// normed sum, added to that.
final class LayerGraph {

  private final GraphBuilder graph;
  private final ModelConfig config;
  private final WeightMemory memory;
  private final Function<Projection, MatrixFormat> formats;
  private final boolean lora;
  private final Shape shape;
  private final Attribute epsilon;

  LayerGraph(
      GraphBuilder graph,
      ModelConfig config,
      WeightMemory memory,
      Function<Projection, MatrixFormat> formats,
      boolean lora) {
    this.graph = graph;
    this.config = config;
    this.memory = memory;
    this.formats = formats;
    this.lora = lora;
    this.shape = new Shape(config);
    this.epsilon = new Attribute.Real("epsilon", (float) config.rmsNormEps());
    if (lora) {
      declareMasks();
    }
    graph.constant("halves", config.intermediateSize(), config.intermediateSize());
  }

  private void declareMasks() {
    for (Projection projection : Projection.values()) {
      graph.input(
          projection.loraMask(),
          ElementType.FLOAT,
          Dimension.of("batch"),
          Dimension.of(1),
          Dimension.of("columns." + projection));
    }
  }

  /// Writes all layers, and returns the normed result.
  String add(String embedded) {
    String residual = embedded;
    String normed = "normed.0";
    graph.node(
        "SimplifiedLayerNormalization",
        List.of(embedded, norm(normed, "model.layers.0.input_layernorm.weight")),
        List.of(normed),
        new Attribute.Whole("axis", -1),
        epsilon,
        new Attribute.Whole("stash_type", 1));
    for (int layer = 0; layer < config.layers(); layer++) {
      String attended = attention(layer, normed);
      String prefix = "model.layers." + layer;
      Sum middle =
          sumAndNorm(residual, attended, "mlp." + layer, prefix + ".post_attention_layernorm");
      String next =
          layer + 1 == config.layers()
              ? "model.norm"
              : "model.layers.%d.input_layernorm".formatted(layer + 1);
      Sum end =
          sumAndNorm(middle.residual(), mlp(layer, middle.normed()), "normed." + (layer + 1), next);
      residual = end.residual();
      normed = end.normed();
    }
    return normed;
  }

  private record Sum(String normed, String residual) {}

  private Sum sumAndNorm(String residual, String addend, String name, String norm) {
    String sum = name + ".residual";
    graph.microsoft(
        "SkipSimplifiedLayerNormalization",
        List.of(residual, addend, norm(name, norm + ".weight")),
        List.of(name, "", "", sum),
        epsilon);
    return new Sum(name, sum);
  }

  private String norm(String name, String source) {
    return graph.constant(memory.floats(name + ".norm", source));
  }

  private String attention(int layer, String input) {
    String qkv = project(Projection.QKV, layer, input);
    String output = "attention." + layer;
    graph.microsoft(
        "GroupQueryAttention",
        List.of(
            qkv,
            "",
            "",
            cacheInput(layer, CacheSide.KEY),
            cacheInput(layer, CacheSide.VALUE),
            DecoderGraph.LAST_POSITIONS,
            DecoderGraph.TOTAL_LENGTH,
            "cos",
            "sin"),
        List.of(output, cacheOutput(layer, CacheSide.KEY), cacheOutput(layer, CacheSide.VALUE)),
        new Attribute.Whole("num_heads", config.heads()),
        new Attribute.Whole("kv_num_heads", config.kvHeads()),
        new Attribute.Whole("do_rotary", 1),
        new Attribute.Whole("rotary_interleaved", 0));
    return project(Projection.OUTPUT, layer, output);
  }

  private String cacheInput(int layer, CacheSide side) {
    return graph.input(DecoderGraph.past(layer, side), ElementType.FLOAT, cacheShape("past"));
  }

  private String cacheOutput(int layer, CacheSide side) {
    String name = DecoderGraph.present(layer, side);
    graph.output(name, ElementType.FLOAT, cacheShape("present"));
    return name;
  }

  private Dimension[] cacheShape(String positions) {
    return new Dimension[] {
      Dimension.of("batch"),
      Dimension.of(config.kvHeads()),
      Dimension.of(positions),
      Dimension.of(config.headDim())
    };
  }

  private String mlp(int layer, String input) {
    String both = project(Projection.GATE_UP, layer, input);
    String gate = "gate." + layer;
    String up = "up." + layer;
    graph.node(
        "Split", List.of(both, "halves"), List.of(gate, up), new Attribute.Whole("axis", -1));
    graph.microsoft(
        "QuickGelu", List.of(gate), List.of(gate + ".silu"), new Attribute.Real("alpha", 1));
    graph.node("Mul", List.of(gate + ".silu", up), List.of(gate + ".up"));
    return project(Projection.DOWN, layer, gate + ".up");
  }

  private String project(Projection projection, int layer, String input) {
    String output = "%s.%d".formatted(projection, layer);
    formats
        .apply(projection)
        .multiply(graph, memory, input, output, sources(projection, layer, ".weight"));
    String biased = bias(projection, layer, output);
    return lora ? adapt(projection, layer, input, biased) : biased;
  }

  private List<String> sources(Projection projection, int layer, String suffix) {
    return projection.modules().stream().map(m -> projection.path(layer, m) + suffix).toList();
  }

  private String bias(Projection projection, int layer, String output) {
    if (projection != Projection.QKV || !config.attentionBias()) {
      return output;
    }
    String bias =
        graph.constant(memory.stacked(output + ".bias", sources(projection, layer, ".bias")));
    graph.node("Add", List.of(output, bias), List.of(output + ".biased"));
    return output + ".biased";
  }

  /// Adds `((input A) * mask) B`: A and B hold the matrices of all adapters in use side by side,
  /// and the mask leaves each sequence its own. So each adapter's weights are read once a step,
  /// however many sequences use it.
  private String adapt(Projection projection, int layer, String input, String output) {
    Dimension columns = Dimension.of("columns." + projection);
    String a =
        graph.input(
            projection.loraA(layer),
            ElementType.FLOAT,
            Dimension.of(shape.inputs(projection)),
            columns);
    String b =
        graph.input(
            projection.loraB(layer),
            ElementType.FLOAT,
            columns,
            Dimension.of(shape.outputs(projection)));
    graph.node("MatMul", List.of(input, a), List.of(output + ".a"));
    graph.node("Mul", List.of(output + ".a", projection.loraMask()), List.of(output + ".own"));
    graph.node("MatMul", List.of(output + ".own", b), List.of(output + ".b"));
    graph.node("Add", List.of(output, output + ".b"), List.of(output + ".adapted"));
    return output + ".adapted";
  }
}
