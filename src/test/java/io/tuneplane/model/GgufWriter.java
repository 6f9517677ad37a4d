package io.tuneplane.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes GGUF version 3 for tests.
final class GgufWriter {

  private static final int ALIGNMENT = 32;

  private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
  private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int keys;
  private int tensors;

  GgufWriter text(String key, String value) {
    key(key, 8);
    metadata.writeBytes(text(value));
    return this;
  }

  GgufWriter whole(String key, int value) {
    key(key, 4);
    metadata.writeBytes(int32(value));
    return this;
  }

  GgufWriter real(String key, double value) {
    key(key, 6);
    metadata.writeBytes(int32(Float.floatToIntBits((float) value)));
    return this;
  }

  GgufWriter texts(String key, List<String> values) {
    key(key, 9);
    metadata.writeBytes(int32(8));
    metadata.writeBytes(int64(values.size()));
    values.forEach(v -> metadata.writeBytes(text(v)));
    return this;
  }

  GgufWriter wholes(String key, List<Integer> values) {
    key(key, 9);
    metadata.writeBytes(int32(5));
    metadata.writeBytes(int64(values.size()));
    values.forEach(v -> metadata.writeBytes(int32(v)));
    return this;
  }

  /// @param shape outermost first
  /// @param type GGUF's number of the type
  GgufWriter tensor(String name, int type, long[] shape, ByteBuffer bytes) {
    tensors++;
    infos.writeBytes(text(name));
    infos.writeBytes(int32(shape.length));
    for (int i = shape.length - 1; i >= 0; i--) {
      infos.writeBytes(int64(shape[i]));
    }
    infos.writeBytes(int32(type));
    infos.writeBytes(int64(data.size()));
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    data.writeBytes(copy);
    pad(data);
    return this;
  }

  byte[] toBytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(int32(3));
    file.writeBytes(int64(tensors));
    file.writeBytes(int64(keys));
    file.writeBytes(metadata.toByteArray());
    file.writeBytes(infos.toByteArray());
    pad(file);
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  private void key(String key, int type) {
    keys++;
    metadata.writeBytes(text(key));
    metadata.writeBytes(int32(type));
  }

  private static void pad(ByteArrayOutputStream out) {
    out.writeBytes(new byte[Math.ceilDiv(out.size(), ALIGNMENT) * ALIGNMENT - out.size()]);
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] int64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }
}
