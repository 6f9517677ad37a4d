package io.tuneplane.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedSet;

/// One safetensors file, mapped and checked. Safe for many threads.
public final class SafetensorsFile implements Weights {

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path file, Arena arena, MemorySegment data, SafetensorsHeader header) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.header = header;
  }

  /// Maps a file and checks its header; no data is read yet.
  ///
  /// @throws ModelException if it can't be read or is not a whole, well-formed safetensors file
  public static SafetensorsFile open(Path file) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      long headerBytes = headerBytes(all, file);
      ObjectNode json =
          ModelJson.object(
              all.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE), file + ": the header");
      MemorySegment data = all.asSlice(8 + headerBytes);
      SafetensorsHeader header = SafetensorsHeader.parse(json, data.byteSize(), file.toString());
      SafetensorsFile result = new SafetensorsFile(file, arena, data, header);
      opened = true;
      return result;
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(file, e), e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static long headerBytes(MemorySegment all, Path file) {
    if (all.byteSize() < 10) {
      throw new ModelException(file + " is too short to be a safetensors file (truncated?)");
    }
    long length = all.get(LENGTH, 0);
    if (length < 2 || length > SafetensorsHeader.MAX_BYTES) {
      throw new ModelException(
          "%s: a header of %s bytes; at most %d are read (is this a safetensors file?)"
              .formatted(file, Long.toUnsignedString(length), SafetensorsHeader.MAX_BYTES));
    }
    if (length > all.byteSize() - 8) {
      throw new ModelException(file + ": the header goes beyond the end of the file (truncated?)");
    }
    return length;
  }

  @Override
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(header.tensors().sequencedKeySet());
  }

  @Override
  public Tensor tensor(String name) {
    SafetensorsHeader.Slot slot = header.tensors().get(name);
    if (slot == null) {
      throw new ModelException("%s has no tensor '%s'".formatted(file, name));
    }
    return new PlainTensor(
        name, slot.shape(), slot.dtype(), data.asSlice(slot.start(), slot.bytes()));
  }

  /// The free-form strings of the header.
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
