package io.tuneplane.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.LongStream;

/// A tensor of a GGUF file, in Hugging Face's layout.
///
/// @param rotatedHeads where GGUF keeps the rows of each head interleaved for its own rotary
///   embedding (q and k of `llama`): the number of heads; else 0
// The shape is handed out as a copy and never compared.
@SuppressWarnings("ArrayRecordComponent")
record GgufTensor(String name, long[] shape, DType dtype, MemorySegment bytes, int rotatedHeads)
    implements Tensor {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Below this a second core costs more than it saves.
  private static final long PARALLEL_VALUES = 1 << 18;

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public Optional<MemorySegment> raw() {
    return dtype.plain() && rotatedHeads == 0 ? Optional.of(bytes) : Optional.empty();
  }

  /// Decodes row by row, on all cores where it pays and the target is not confined to one thread.
  @Override
  public void copyTo(MemorySegment target) {
    long width = rotatedHeads > 0 && shape.length == 1 ? 1 : shape[shape.length - 1];
    long rows = width == 0 ? 0 : size() / width;
    LongStream all = LongStream.range(0, rows);
    boolean parallel = size() >= PARALLEL_VALUES && target.isAccessibleBy(new Thread());
    (parallel ? all.parallel() : all)
        .forEach(row -> copyRow(row, rows, Math.toIntExact(width), target));
  }

  private void copyRow(long row, long rows, int width, MemorySegment target) {
    long rowBytes = dtype.bytes(width);
    float[] values = new float[width];
    MemorySegment source = bytes.asSlice(storedRow(row, rows) * rowBytes, rowBytes);
    BlockDecoder.decode(dtype, source.toArray(ValueLayout.JAVA_BYTE), values);
    MemorySegment.copy(values, 0, target, FLOAT, row * width * 4, width);
  }

  /// Row `2i + half` of a head in the file is row `half * width/2 + i` here (`permute` in
  /// llama.cpp's conversion from Hugging Face).
  private long storedRow(long row, long rows) {
    if (rotatedHeads == 0) {
      return row;
    }
    long head = rows / rotatedHeads;
    long within = row % head;
    return row - within + 2 * (within % (head / 2)) + within / (head / 2);
  }
}
