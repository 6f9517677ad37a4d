package io.tuneplane.runner.serve.onnx;

import ai.onnxruntime.OnnxJavaType;

/// The element types that the decoder's graph uses. The codes are those of `TensorProto.DataType`
/// in ONNX's `onnx.proto`.
public enum ElementType {
  FLOAT(1, 4, OnnxJavaType.FLOAT),
  UINT8(2, 1, OnnxJavaType.UINT8),
  INT32(6, 4, OnnxJavaType.INT32),
  INT64(7, 8, OnnxJavaType.INT64),
  FLOAT16(10, 2, OnnxJavaType.FLOAT16),
  BFLOAT16(16, 2, OnnxJavaType.BFLOAT16);

  private final int code;
  private final int bytes;
  private final OnnxJavaType javaType;

  ElementType(int code, int bytes, OnnxJavaType javaType) {
    this.code = code;
    this.bytes = bytes;
    this.javaType = javaType;
  }

  int code() {
    return code;
  }

  /// Bytes of one element.
  public int bytes() {
    return bytes;
  }

  /// ONNX Runtime's own name for it.
  public OnnxJavaType javaType() {
    return javaType;
  }
}
