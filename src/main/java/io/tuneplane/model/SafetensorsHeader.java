package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The checked header of a safetensors file: every tensor's type and shape agree with its bytes,
/// and the tensors fill the data exactly, without gaps or overlaps, as the format demands
/// (github.com/huggingface/safetensors, "Format").
///
/// @param tensors by name, in the order of their data
/// @param metadata the free-form strings
record SafetensorsHeader(SequencedMap<String, Slot> tensors, Map<String, String> metadata) {

  /// The format's own bound.
  static final int MAX_BYTES = 100_000_000;

  /// Where one tensor lies.
  ///
  /// @param start in bytes from the start of the data
  // The shape is never compared or changed.
  @SuppressWarnings("ArrayRecordComponent")
  record Slot(String name, DType dtype, long[] shape, long start, long bytes) {}

  /// @param dataBytes the bytes that follow the header
  /// @param source names the file in errors
  static SafetensorsHeader parse(ObjectNode json, long dataBytes, String source) {
    List<Slot> slots = new ArrayList<>();
    Map<String, String> metadata = Map.of();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        metadata = metadata(entry.getValue(), source);
      } else {
        slots.add(slot(entry.getKey(), entry.getValue(), source));
      }
    }
    slots.sort(Comparator.comparingLong(Slot::start).thenComparingLong(Slot::bytes));
    return new SafetensorsHeader(laidOut(slots, dataBytes, source), metadata);
  }

  private static SequencedMap<String, Slot> laidOut(
      List<Slot> slots, long dataBytes, String source) {
    SequencedMap<String, Slot> tensors = new LinkedHashMap<>();
    long end = 0;
    for (Slot slot : slots) {
      if (slot.start() != end) {
        throw broken(source, slot.name(), "its data overlaps another tensor's or leaves a gap");
      }
      end += slot.bytes();
      if (end > dataBytes) {
        throw broken(source, slot.name(), "its data lies beyond the end of the file (truncated?)");
      }
      tensors.put(slot.name(), slot);
    }
    if (end != dataBytes) {
      throw new ModelException(
          "%s: %d bytes after the last tensor".formatted(source, dataBytes - end));
    }
    return tensors;
  }

  private static Slot slot(String name, JsonNode node, String source) {
    DType dtype = dtype(name, node.path("dtype").asText(), source);
    long[] shape = longs(node.path("shape"), name, source);
    long[] offsets = longs(node.path("data_offsets"), name, source);
    if (offsets.length != 2 || offsets[1] < offsets[0]) {
      throw broken(source, name, "data_offsets must be a start and an end");
    }
    long bytes = offsets[1] - offsets[0];
    if (bytes != bytes(dtype, shape, name, source)) {
      throw broken(source, name, "its shape and type do not match its %d bytes".formatted(bytes));
    }
    return new Slot(name, dtype, shape, offsets[0], bytes);
  }

  private static long bytes(DType dtype, long[] shape, String name, String source) {
    try {
      long values = 1;
      for (long d : shape) {
        values = Math.multiplyExact(values, d);
      }
      return dtype.bytes(values);
    } catch (ArithmeticException e) {
      throw new ModelException("%s: tensor %s is too large".formatted(source, name), e);
    }
  }

  private static DType dtype(String name, String text, String source) {
    return switch (text) {
      case "F32" -> DType.F32;
      case "F16" -> DType.F16;
      case "BF16" -> DType.BF16;
      case "I64" -> DType.I64;
      default ->
          throw broken(
              source, name, "type '%s' is not supported (F32, F16, BF16, I64)".formatted(text));
    };
  }

  private static long[] longs(JsonNode node, String name, String source) {
    if (!node.isArray() || node.size() > 8) {
      throw broken(source, name, "shape and data_offsets must be short lists of whole numbers");
    }
    long[] values = new long[node.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode n = node.get(i);
      if (!n.isIntegralNumber() || !n.canConvertToLong() || n.asLong() < 0) {
        throw broken(source, name, "'%s' is not a size".formatted(n));
      }
      values[i] = n.asLong();
    }
    return values;
  }

  private static Map<String, String> metadata(JsonNode node, String source) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isTextual()) {
        throw new ModelException(source + ": __metadata__ may hold strings only");
      }
      metadata.put(entry.getKey(), entry.getValue().asText());
    }
    return Map.copyOf(metadata);
  }

  private static ModelException broken(String source, String tensor, String what) {
    return new ModelException("%s: tensor %s: %s".formatted(source, tensor, what));
  }
}
