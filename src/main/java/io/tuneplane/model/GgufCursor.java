package io.tuneplane.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads a GGUF header, little-endian, never beyond the file and never more than an honest file
/// holds. Types and layout: the GGUF specification, versions 2 and 3.
final class GgufCursor {

  /// Far above the longest chat template.
  private static final long MAX_TEXT_BYTES = 4 << 20;

  /// Over all lists of a file: above the tokens and merges of the largest vocabulary.
  private static final long MAX_ELEMENTS = 16 << 20;

  private static final int MAX_NESTING = 3;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final String source;
  private long at;
  private long elements;

  /// @param source names the file in errors
  GgufCursor(MemorySegment bytes, String source) {
    this.bytes = bytes;
    this.source = source;
  }

  long position() {
    return at;
  }

  int int32() {
    return bytes.get(INT, advance(4));
  }

  long int64() {
    return bytes.get(LONG, advance(8));
  }

  /// A count that may not exceed a bound.
  int count(String what, long max) {
    long count = int64();
    if (count < 0 || count > max) {
      throw broken("%s %s".formatted(Long.toUnsignedString(count), what));
    }
    return (int) count;
  }

  String text() {
    long length = int64();
    if (length < 0 || length > MAX_TEXT_BYTES) {
      throw broken("a text of %s bytes".formatted(Long.toUnsignedString(length)));
    }
    MemorySegment slice = bytes.asSlice(advance(length), length);
    return new String(slice.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /// A value, with its type in front.
  GgufValue value() {
    int type = int32();
    return type == 9 ? list(0) : scalar(type);
  }

  private GgufValue scalar(int type) {
    return switch (type) {
      case 0 -> new GgufValue.Whole(Byte.toUnsignedLong(int8()));
      case 1 -> new GgufValue.Whole(int8());
      case 2 -> new GgufValue.Whole(Short.toUnsignedLong(bytes.get(SHORT, advance(2))));
      case 3 -> new GgufValue.Whole(bytes.get(SHORT, advance(2)));
      case 4 -> new GgufValue.Whole(Integer.toUnsignedLong(int32()));
      case 5 -> new GgufValue.Whole(int32());
      case 6 -> new GgufValue.Real(asWritten(Float.intBitsToFloat(int32())));
      case 7 -> new GgufValue.Truth(int8() != 0);
      case 8 -> new GgufValue.Text(text());
      case 10, 11 -> new GgufValue.Whole(int64());
      case 12 -> new GgufValue.Real(Double.longBitsToDouble(int64()));
      default -> throw broken("a value of type " + type);
    };
  }

  /// The number that somebody wrote, such as 1e-5, where the float nearest to it was stored.
  private static double asWritten(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private GgufValue list(int depth) {
    int type = int32();
    int count = elements();
    return switch (type) {
      case 8 -> new GgufValue.Texts(texts(count));
      case 0, 1, 2, 3, 4, 5, 7, 10, 11 -> new GgufValue.Wholes(wholes(type, count));
      case 9 -> nested(depth + 1, count);
      default -> {
        for (int i = 0; i < count; i++) {
          scalar(type);
        }
        yield new GgufValue.Other(count);
      }
    };
  }

  /// The length of a list; every element takes at least a byte, so a false length is caught before
  /// memory is asked for.
  private int elements() {
    int count = count("elements in a list", Math.min(MAX_ELEMENTS, bytes.byteSize() - at));
    elements += count;
    if (elements > MAX_ELEMENTS) {
      throw broken("more than %d elements in lists".formatted(MAX_ELEMENTS));
    }
    return count;
  }

  private List<String> texts(int count) {
    if (count > (bytes.byteSize() - at) / 8) {
      throw truncated();
    }
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private long[] wholes(int type, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (scalar(type)) {
            case GgufValue.Whole whole -> whole.value();
            case GgufValue.Truth truth -> truth.value() ? 1 : 0;
            case GgufValue.Real _, GgufValue.Text _, GgufValue.Other _ -> throw broken("a list");
            case GgufValue.Wholes _, GgufValue.Texts _ -> throw broken("a list");
          };
    }
    return values;
  }

  private GgufValue nested(int depth, int count) {
    if (depth > MAX_NESTING) {
      throw broken("lists nested deeper than " + MAX_NESTING);
    }
    for (int i = 0; i < count; i++) {
      list(depth);
    }
    return new GgufValue.Other(count);
  }

  private byte int8() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1));
  }

  private long advance(long length) {
    if (length > bytes.byteSize() - at) {
      throw truncated();
    }
    long from = at;
    at += length;
    return from;
  }

  private ModelException truncated() {
    return broken("the file ends in the middle of its header (truncated?)");
  }

  private ModelException broken(String what) {
    return new ModelException("%s: not a sound GGUF file: %s".formatted(source, what));
  }
}
