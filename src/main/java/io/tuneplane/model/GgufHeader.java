package io.tuneplane.model;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The checked header of a GGUF file.
///
/// @param tensors in the order of the header
/// @param dataStart where the tensors' data begins in the file
record GgufHeader(GgufMetadata metadata, List<Slot> tensors, long dataStart) {

  private static final int MAGIC = 0x46554747; // "GGUF", little-endian
  private static final int MAX_KEYS = 1 << 16;
  private static final int MAX_TENSORS = 1 << 16;
  private static final int MAX_ALIGNMENT = 1 << 20;

  /// Where one tensor lies.
  ///
  /// @param name GGUF's own
  /// @param shape outermost first (GGUF writes the innermost first)
  /// @param start in bytes from [GgufHeader#dataStart]
  // The shape is never compared or changed.
  @SuppressWarnings("ArrayRecordComponent")
  record Slot(String name, DType dtype, long[] shape, long start, long bytes) {}

  static GgufHeader parse(MemorySegment file, String source) {
    GgufCursor cursor = new GgufCursor(file, source);
    if (file.byteSize() < 24 || cursor.int32() != MAGIC) {
      throw new ModelException(source + " is not a GGUF file");
    }
    int version = cursor.int32();
    if (version != 2 && version != 3) {
      throw new ModelException(
          "%s: GGUF version %d is not supported (2 and 3, little-endian)"
              .formatted(source, version));
    }
    int tensors = cursor.count("tensors", MAX_TENSORS);
    int keys = cursor.count("metadata keys", MAX_KEYS);
    GgufMetadata metadata = metadata(cursor, keys, source);
    long alignment = alignment(metadata);
    List<Slot> slots = slots(cursor, tensors, source);
    long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
    checkLayout(slots, alignment, file.byteSize() - dataStart, source);
    return new GgufHeader(metadata, slots, dataStart);
  }

  private static GgufMetadata metadata(GgufCursor cursor, int count, String source) {
    Map<String, GgufValue> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = cursor.text();
      if (values.put(key, cursor.value()) != null) {
        throw new ModelException("%s: the key '%s' occurs twice".formatted(source, key));
      }
    }
    GgufMetadata metadata = new GgufMetadata(values, source);
    if (metadata.optionalWhole("split.count", 0, Short.MAX_VALUE).orElse(1) > 1) {
      throw new ModelException(source + " is one part of several; merge them into one file first");
    }
    return metadata;
  }

  private static long alignment(GgufMetadata metadata) {
    int alignment = metadata.optionalWhole("general.alignment", 1, MAX_ALIGNMENT).orElse(32);
    if (alignment % 8 != 0) {
      throw new ModelException(
          "%s: an alignment of %d bytes".formatted(metadata.source(), alignment));
    }
    return alignment;
  }

  private static List<Slot> slots(GgufCursor cursor, int count, String source) {
    List<Slot> slots = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Slot slot = slot(cursor, source);
      if (!names.add(slot.name())) {
        throw new ModelException("%s: tensor %s occurs twice".formatted(source, slot.name()));
      }
      slots.add(slot);
    }
    return slots;
  }

  private static Slot slot(GgufCursor cursor, String source) {
    String name = cursor.text();
    int dimensions = cursor.int32();
    if (dimensions < 1 || dimensions > 4) {
      throw new ModelException(
          "%s: tensor %s has %d dimensions".formatted(source, name, dimensions));
    }
    long[] shape = new long[dimensions];
    for (int i = dimensions - 1; i >= 0; i--) {
      shape[i] = cursor.count("values in a row of " + name, Integer.MAX_VALUE);
    }
    DType dtype = dtype(cursor.int32(), name, source);
    long start = cursor.int64();
    return new Slot(name, dtype, shape, start, bytes(dtype, shape, name, source));
  }

  private static long bytes(DType dtype, long[] shape, String name, String source) {
    if (shape[shape.length - 1] % dtype.blockSize() != 0) {
      throw new ModelException(
          "%s: the rows of tensor %s are no whole blocks of %s".formatted(source, name, dtype));
    }
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

  private static DType dtype(int type, String name, String source) {
    return switch (type) {
      case 0 -> DType.F32;
      case 1 -> DType.F16;
      case 2 -> DType.Q4_0;
      case 3 -> DType.Q4_1;
      case 8 -> DType.Q8_0;
      case 12 -> DType.Q4_K;
      case 14 -> DType.Q6_K;
      case 30 -> DType.BF16;
      default ->
          throw new ModelException(
              ("%s: tensor %s is of GGUF type %d, which is not supported; supported are F32, F16,"
                      + " BF16, Q8_0, Q4_0, Q4_1, Q4_K and Q6_K")
                  .formatted(source, name, type));
    };
  }

  private static void checkLayout(List<Slot> slots, long alignment, long dataBytes, String source) {
    long end = 0;
    for (Slot slot : slots.stream().sorted(Comparator.comparingLong(Slot::start)).toList()) {
      if (slot.start() < end || slot.start() % alignment != 0) {
        throw new ModelException(
            "%s: the data of tensor %s overlaps another's or is misplaced"
                .formatted(source, slot.name()));
      }
      if (slot.bytes() > dataBytes - slot.start()) {
        throw new ModelException(
            "%s: the data of tensor %s lies beyond the end of the file (truncated?)"
                .formatted(source, slot.name()));
      }
      end = slot.start() + slot.bytes();
    }
  }
}
