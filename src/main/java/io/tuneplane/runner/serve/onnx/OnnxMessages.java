package io.tuneplane.runner.serve.onnx;

import java.util.List;

/// The messages of ONNX's `onnx.proto` (IR version 10) that a graph of ours needs, by field number.
final class OnnxMessages {

  private static final int IR_VERSION = 10;
  private static final int OPSET = 18;
  private static final int EXTERNAL = 1;
  private static final int FLOAT_ATTRIBUTE = 1;
  private static final int INT_ATTRIBUTE = 2;

  private OnnxMessages() {}

  /// A model, whose nodes come from ONNX itself and from `com.microsoft`.
  static ProtoWriter model(ProtoWriter graph) {
    return new ProtoWriter()
        .number(1, IR_VERSION)
        .text(2, "tuneplane")
        .message(7, graph)
        .message(8, operatorSet("", OPSET))
        .message(8, operatorSet(GraphBuilder.MICROSOFT, 1));
  }

  private static ProtoWriter operatorSet(String domain, int version) {
    return new ProtoWriter().text(1, domain).number(2, version);
  }

  static ProtoWriter node(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      List<Attribute> attributes) {
    ProtoWriter node = new ProtoWriter();
    inputs.forEach(i -> node.text(1, i));
    outputs.forEach(o -> node.text(2, o));
    node.text(3, outputs.getFirst()).text(4, operator);
    attributes.forEach(a -> node.message(5, attribute(a)));
    return node.text(7, domain);
  }

  private static ProtoWriter attribute(Attribute attribute) {
    ProtoWriter message = new ProtoWriter().text(1, attribute.name());
    switch (attribute) {
      case Attribute.Real(_, float value) -> message.real(2, value).number(20, FLOAT_ATTRIBUTE);
      case Attribute.Whole(_, long value) -> message.number(3, value).number(20, INT_ATTRIBUTE);
    }
    return message;
  }

  /// An input or output.
  static ProtoWriter value(String name, ElementType type, List<Dimension> shape) {
    ProtoWriter dimensions = new ProtoWriter();
    for (Dimension dimension : shape) {
      dimensions.message(
          1,
          switch (dimension) {
            case Dimension.Fixed(long size) -> new ProtoWriter().number(1, size);
            case Dimension.Named(String axis) -> new ProtoWriter().text(2, axis);
          });
    }
    ProtoWriter tensor = new ProtoWriter().number(1, type.code()).message(2, dimensions);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  /// A constant whose bytes are handed over beside the graph. ONNX wants a place for it all the
  /// same.
  static ProtoWriter external(Initializer initializer) {
    ProtoWriter tensor = new ProtoWriter();
    for (long size : initializer.shape()) {
      tensor.number(1, size);
    }
    return tensor
        .number(2, initializer.type().code())
        .text(8, initializer.name())
        .message(13, entry("location", "memory"))
        .message(13, entry("offset", "0"))
        .message(13, entry("length", Long.toString(initializer.bytes().byteSize())))
        .number(14, EXTERNAL);
  }

  /// A small constant of 64-bit integers that lies in the graph.
  static ProtoWriter constant(String name, long... values) {
    ProtoWriter tensor = new ProtoWriter().number(1, values.length);
    tensor.number(2, ElementType.INT64.code());
    for (long value : values) {
      tensor.number(7, value);
    }
    return tensor.text(8, name);
  }

  private static ProtoWriter entry(String key, String value) {
    return new ProtoWriter().text(1, key).text(2, value);
  }
}
