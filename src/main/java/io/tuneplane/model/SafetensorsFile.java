package io.tuneplane.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedSet;

/// One safetensors file, mapped and checked. Safe for many threads.
public final class SafetensorsFile implements Weights {

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedFile file;
  private final SafetensorsHeader header;
  private final MemorySegment data;

  private SafetensorsFile(MappedFile file) {
    this.file = file;
    MemorySegment all = file.bytes();
    long headerBytes = headerBytes(all, file.path());
    ObjectNode json =
        ModelJson.object(
            all.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE),
            file.path() + ": the header");
    this.data = all.asSlice(8 + headerBytes);
    this.header = SafetensorsHeader.parse(json, data.byteSize(), file.path().toString());
  }

  /// Maps a file and checks its header; no data is read yet.
  ///
  /// @throws ModelException if it can't be read or is not a whole, well-formed safetensors file
  public static SafetensorsFile open(Path file) {
    return MappedFile.open(file, SafetensorsFile::new);
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
      throw new ModelException("%s has no tensor '%s'".formatted(file.path(), name));
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
    file.close();
  }
}
