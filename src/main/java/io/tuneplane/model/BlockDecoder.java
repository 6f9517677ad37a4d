package io.tuneplane.model;

/// Turns GGUF's blocks into floats, bit for bit as ggml's reference code does (`dequantize_row_*`
/// in ggml-quants.c): the same operations in the same order.
final class BlockDecoder {

  private BlockDecoder() {}

  /// Decodes whole blocks.
  ///
  /// @param blocks the blocks of one row
  /// @param values receives the floats; as many as the blocks hold
  static void decode(DType dtype, byte[] blocks, float[] values) {
    int count = blocks.length / dtype.blockBytes();
    for (int i = 0; i < count; i++) {
      int in = i * dtype.blockBytes();
      int out = i * dtype.blockSize();
      switch (dtype) {
        case F32 -> values[out] = Float.intBitsToFloat(int32(blocks, in));
        case F16 -> values[out] = half(blocks, in);
        case BF16 -> values[out] = Float.intBitsToFloat(int16(blocks, in) << 16);
        case Q8_0 -> q8(blocks, in, values, out);
        case Q4_0 -> q4(blocks, in, values, out);
        case Q4_1 -> q4WithMinimum(blocks, in, values, out);
        case Q4_K -> q4InGroups(blocks, in, values, out);
        case Q6_K -> q6InGroups(blocks, in, values, out);
        case I64 -> throw new IllegalArgumentException("GGUF weights are never I64");
      }
    }
  }

  private static void q8(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    for (int j = 0; j < 32; j++) {
      out[to + j] = scale * in[at + 2 + j];
    }
  }

  private static void q4(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    for (int j = 0; j < 16; j++) {
      int pair = in[at + 2 + j];
      out[to + j] = ((pair & 0xf) - 8) * scale;
      out[to + j + 16] = (((pair >> 4) & 0xf) - 8) * scale;
    }
  }

  private static void q4WithMinimum(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float minimum = half(in, at + 2);
    for (int j = 0; j < 16; j++) {
      int pair = in[at + 4 + j];
      out[to + j] = (pair & 0xf) * scale + minimum;
      out[to + j + 16] = ((pair >> 4) & 0xf) * scale + minimum;
    }
  }

  /// 256 values in eight groups of 32, each with a 6-bit scale and a 6-bit minimum.
  private static void q4InGroups(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float minimum = half(in, at + 2);
    for (int group = 0; group < 8; group++) {
      float groupScale = scale * sixBitScale(in, at + 4, group);
      float groupMinimum = minimum * sixBitMinimum(in, at + 4, group);
      int from = at + 16 + (group / 2) * 32;
      int shift = (group % 2) * 4;
      for (int j = 0; j < 32; j++) {
        out[to + group * 32 + j] = groupScale * ((in[from + j] >> shift) & 0xf) - groupMinimum;
      }
    }
  }

  private static int sixBitScale(byte[] in, int at, int group) {
    return group < 4
        ? in[at + group] & 63
        : (in[at + group + 4] & 0xf) | (((in[at + group - 4] >> 6) & 3) << 4);
  }

  private static int sixBitMinimum(byte[] in, int at, int group) {
    return group < 4
        ? in[at + group + 4] & 63
        : ((in[at + group + 4] >> 4) & 0xf) | (((in[at + group] >> 6) & 3) << 4);
  }

  /// 256 values: 128 bytes of low 4 bits, 64 of high 2 bits, 16 signed scales, one scale for all.
  private static void q6InGroups(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at + 208);
    for (int group = 0; group < 8; group++) {
      int low = at + (group / 4) * 64 + (group % 2) * 32;
      int high = at + 128 + (group / 4) * 32;
      int lowShift = ((group % 4) / 2) * 4;
      int highShift = (group % 4) * 2;
      for (int j = 0; j < 32; j++) {
        int value = ((in[low + j] >> lowShift) & 0xf) | (((in[high + j] >> highShift) & 3) << 4);
        float fine = scale * in[at + 192 + group * 2 + j / 16];
        out[to + group * 32 + j] = fine * (value - 32);
      }
    }
  }

  private static float half(byte[] in, int at) {
    return Float.float16ToFloat((short) int16(in, at));
  }

  private static int int16(byte[] in, int at) {
    return (in[at] & 0xff) | (in[at + 1] & 0xff) << 8;
  }

  private static int int32(byte[] in, int at) {
    return int16(in, at) | int16(in, at + 2) << 16;
  }
}
