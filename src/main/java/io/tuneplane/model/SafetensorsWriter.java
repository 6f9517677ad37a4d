package io.tuneplane.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Writes safetensors files. A reader sees the old file or the whole new one, also after a crash:
/// the bytes go to a file beside it, are forced to disk, and are renamed.
public final class SafetensorsWriter {

  private static final long CHUNK = 1L << 30;

  private SafetensorsWriter() {}

  /// One tensor to write.
  ///
  /// @param dtype a plain type
  /// @param shape outermost first
  /// @param data its little-endian bytes; asked for once, in turn, so that only one tensor need be
  ///   in memory at a time
  public record Entry(String name, DType dtype, List<Long> shape, Supplier<MemorySegment> data) {

    public Entry {
      shape = List.copyOf(shape);
      if (!dtype.plain()) {
        throw new IllegalArgumentException("safetensors has no type " + dtype);
      }
    }

    /// A tensor of 32-bit floats.
    public static Entry floats(String name, float[] values, Long... shape) {
      return new Entry(name, DType.F32, List.of(shape), () -> littleEndian(values));
    }

    /// A tensor of 64-bit whole numbers.
    public static Entry longs(String name, long[] values, Long... shape) {
      return new Entry(name, DType.I64, List.of(shape), () -> littleEndian(values));
    }

    long bytes() {
      return dtype.bytes(shape.stream().reduce(1L, Math::multiplyExact));
    }

    private static MemorySegment littleEndian(float[] values) {
      ByteBuffer buffer =
          ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
      buffer.asFloatBuffer().put(values);
      return MemorySegment.ofBuffer(buffer);
    }

    private static MemorySegment littleEndian(long[] values) {
      ByteBuffer buffer =
          ByteBuffer.allocate(Math.multiplyExact(values.length, 8)).order(ByteOrder.LITTLE_ENDIAN);
      buffer.asLongBuffer().put(values);
      return MemorySegment.ofBuffer(buffer);
    }
  }

  /// Writes the tensors in the order given, replacing the file if there is one.
  ///
  /// @param metadata free-form strings; `transformers` wants `format: pt` here
  /// @throws IOException if the disk is full or fails; the file is then as it was
  /// @throws IllegalArgumentException if a name occurs twice or data does not fit its shape
  public static void write(Path file, List<Entry> entries, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(entries, metadata);
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        writeFully(
            channel,
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip());
        writeFully(channel, ByteBuffer.wrap(header));
        for (Entry entry : entries) {
          write(channel, entry);
        }
        channel.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static byte[] header(List<Entry> entries, Map<String, String> metadata) {
    ObjectNode root = ModelJson.MAPPER.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode strings = root.putObject("__metadata__");
      new TreeMap<>(metadata).forEach(strings::put);
    }
    long offset = 0;
    Set<String> names = new HashSet<>();
    for (Entry entry : entries) {
      if (!names.add(entry.name())) {
        throw new IllegalArgumentException("two tensors are called " + entry.name());
      }
      ObjectNode node = root.putObject(entry.name()).put("dtype", entry.dtype().name());
      ArrayNode shape = node.putArray("shape");
      entry.shape().forEach(shape::add);
      node.putArray("data_offsets").add(offset).add(offset + entry.bytes());
      offset += entry.bytes();
    }
    return padded(root.toString());
  }

  /// Padded with spaces, so that the data starts at a multiple of 8.
  private static byte[] padded(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    int length = Math.ceilDiv(bytes.length, 8) * 8;
    byte[] padded = Arrays.copyOf(bytes, length);
    Arrays.fill(padded, bytes.length, length, (byte) ' ');
    return padded;
  }

  private static void write(FileChannel channel, Entry entry) throws IOException {
    MemorySegment data = entry.data().get();
    if (data.byteSize() != entry.bytes()) {
      throw new IllegalArgumentException(
          "tensor %s needs %d bytes and was given %d"
              .formatted(entry.name(), entry.bytes(), data.byteSize()));
    }
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      long length = Math.min(CHUNK, data.byteSize() - at);
      writeFully(channel, data.asSlice(at, length).asByteBuffer());
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
