package io.tuneplane.runner.serve.onnx;

import java.util.ArrayList;
import java.util.List;

/// Puts an ONNX graph together, node by node, in the order in which they run. Not safe for many
/// threads.
final class GraphBuilder {

  /// The domain of ONNX Runtime's own operators.
  static final String MICROSOFT = "com.microsoft";

  private final ProtoWriter graph = new ProtoWriter().text(2, "decoder");
  private final List<Initializer> initializers = new ArrayList<>();

  /// Declares an input and returns its name.
  String input(String name, ElementType type, Dimension... shape) {
    graph.message(11, OnnxMessages.value(name, type, List.of(shape)));
    return name;
  }

  void output(String name, ElementType type, Dimension... shape) {
    graph.message(12, OnnxMessages.value(name, type, List.of(shape)));
  }

  /// Declares a constant whose bytes are handed over beside the graph, and returns its name.
  String constant(Initializer initializer) {
    initializers.add(initializer);
    graph.message(5, OnnxMessages.external(initializer));
    return initializer.name();
  }

  /// Adds a small constant to the graph itself, and returns its name.
  String constant(String name, long... values) {
    graph.message(5, OnnxMessages.constant(name, values));
    return name;
  }

  /// Adds a node of ONNX itself.
  void node(String operator, List<String> inputs, List<String> outputs, Attribute... attributes) {
    graph.message(1, OnnxMessages.node("", operator, inputs, outputs, List.of(attributes)));
  }

  /// Adds a node of `com.microsoft`.
  void microsoft(
      String operator, List<String> inputs, List<String> outputs, Attribute... attributes) {
    graph.message(1, OnnxMessages.node(MICROSOFT, operator, inputs, outputs, List.of(attributes)));
  }

  /// The serialised model.
  byte[] model() {
    return OnnxMessages.model(graph).toBytes();
  }

  /// The constants that a session has to be handed, in the order in which they were declared.
  List<Initializer> initializers() {
    return List.copyOf(initializers);
  }
}
