package io.tuneplane.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/// A tensor whose bytes lie in a file as plain numbers, in the layout that [Weights] promises.
// The shape is handed out as a copy and never compared.
@SuppressWarnings("ArrayRecordComponent")
record PlainTensor(String name, long[] shape, DType dtype, MemorySegment bytes) implements Tensor {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public Optional<MemorySegment> raw() {
    return Optional.of(bytes);
  }

  @Override
  public void copyTo(MemorySegment target) {
    switch (dtype) {
      case F32 -> MemorySegment.copy(bytes, 0, target, 0, bytes.byteSize());
      case F16 -> halves(bytes, target);
      case BF16 -> brains(bytes, target);
      case I64, Q8_0, Q4_0, Q4_1, Q4_K, Q6_K ->
          throw new ModelException("tensor %s holds %s, not floats".formatted(name, dtype));
    }
  }

  static void halves(MemorySegment source, MemorySegment target) {
    long n = source.byteSize() / 2;
    for (long i = 0; i < n; i++) {
      target.set(FLOAT, i * 4, Float.float16ToFloat(source.get(SHORT, i * 2)));
    }
  }

  static void brains(MemorySegment source, MemorySegment target) {
    long n = source.byteSize() / 2;
    for (long i = 0; i < n; i++) {
      target.set(FLOAT, i * 4, Float.intBitsToFloat(source.get(SHORT, i * 2) << 16));
    }
  }
}
