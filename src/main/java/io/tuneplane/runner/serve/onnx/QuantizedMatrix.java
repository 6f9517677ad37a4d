package io.tuneplane.runner.serve.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The codes, scales and zero points of one matrix, in the layout of `MatMulNBits` (ONNX Runtime's
/// `ContribOperators.md`): rows of blocks, low half-byte first.
///
/// @param zeros two to a byte, each row beginning a new one; only with 4 bits
record QuantizedMatrix(
    BlockQuantizer quantizer,
    int rows,
    int columns,
    MemorySegment codes,
    MemorySegment scales,
    Optional<MemorySegment> zeros) {

  static QuantizedMatrix allocate(
      WeightMemory memory, BlockQuantizer quantizer, int rows, int columns) {
    long blocks = (long) rows * blocks(columns);
    return new QuantizedMatrix(
        quantizer,
        rows,
        columns,
        memory.allocate(blocks * blockBytes(quantizer)),
        memory.allocate(blocks * Float.BYTES),
        quantizer.zeroPoints()
            ? Optional.of(memory.allocate((long) rows * zeroBytes(columns)))
            : Optional.empty());
  }

  private static int blocks(int columns) {
    return Math.ceilDiv(columns, BlockQuantizer.BLOCK);
  }

  private static int blockBytes(BlockQuantizer quantizer) {
    return BlockQuantizer.BLOCK * quantizer.bits() / Byte.SIZE;
  }

  private static int zeroBytes(int columns) {
    return Math.ceilDiv(blocks(columns), 2);
  }

  /// Rounds one row of floats.
  void fill(int row, MemorySegment floats) {
    float[] block = new float[BlockQuantizer.BLOCK];
    int[] rounded = new int[BlockQuantizer.BLOCK];
    for (int b = 0; b < blocks(columns); b++) {
      int first = b * BlockQuantizer.BLOCK;
      int count = Math.min(BlockQuantizer.BLOCK, columns - first);
      java.util.Arrays.fill(block, count, block.length, 0);
      MemorySegment.copy(
          floats, ValueLayout.JAVA_FLOAT, (long) first * Float.BYTES, block, 0, count);
      store(row, b, quantizer.round(block, rounded), rounded);
    }
  }

  private void store(int row, int block, BlockQuantizer.Grid grid, int[] rounded) {
    long index = (long) row * blocks(columns) + block;
    scales.setAtIndex(ValueLayout.JAVA_FLOAT, index, grid.scale());
    byte[] packed = quantizer.bits() == 8 ? bytes(rounded) : halfBytes(rounded);
    MemorySegment.copy(
        packed, 0, codes, ValueLayout.JAVA_BYTE, index * packed.length, packed.length);
    zeros.ifPresent(z -> storeZero(z, row, block, grid.zero()));
  }

  private void storeZero(MemorySegment target, int row, int block, int zero) {
    long at = (long) row * zeroBytes(columns) + block / 2;
    int other = target.get(ValueLayout.JAVA_BYTE, at);
    int shifted = block % 2 == 0 ? zero : zero << 4;
    target.set(ValueLayout.JAVA_BYTE, at, (byte) (other | shifted));
  }

  private static byte[] bytes(int[] codes) {
    byte[] bytes = new byte[codes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) codes[i];
    }
    return bytes;
  }

  private static byte[] halfBytes(int[] codes) {
    byte[] bytes = new byte[codes.length / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (codes[2 * i] | codes[2 * i + 1] << 4);
    }
    return bytes;
  }

  /// The node's constants, in the order of its inputs.
  List<Initializer> initializers(String name) {
    int blocks = blocks(columns);
    List<Initializer> result = new ArrayList<>();
    result.add(
        new Initializer(
            name + ".codes",
            ElementType.UINT8,
            new long[] {rows, blocks, blockBytes(quantizer)},
            codes));
    result.add(
        new Initializer(
            name + ".scales", ElementType.FLOAT, new long[] {(long) rows * blocks}, scales));
    zeros.ifPresent(z ->
        result.add(
            new Initializer(
                name + ".zeros",
                ElementType.UINT8,
                new long[] {(long) rows * zeroBytes(columns)},
                z)));
    return result;
  }
}
