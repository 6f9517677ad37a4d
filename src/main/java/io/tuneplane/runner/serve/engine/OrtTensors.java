package io.tuneplane.runner.serve.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.tuneplane.runner.serve.onnx.Initializer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/// Makes ONNX Runtime's tensors over memory of ours, without copying where it is native.
final class OrtTensors {

  private OrtTensors() {}

  static OnnxTensor floats(MemorySegment memory, long[] shape) {
    FloatBuffer buffer = bytes(memory).asFloatBuffer();
    return make(() -> OnnxTensor.createTensor(environment(), buffer, shape));
  }

  static OnnxTensor floats(float[] values, long... shape) {
    return make(() -> OnnxTensor.createTensor(environment(), FloatBuffer.wrap(values), shape));
  }

  static OnnxTensor longs(long[] values, long... shape) {
    return make(() -> OnnxTensor.createTensor(environment(), LongBuffer.wrap(values), shape));
  }

  static OnnxTensor ints(int[] values, long... shape) {
    return make(() -> OnnxTensor.createTensor(environment(), IntBuffer.wrap(values), shape));
  }

  static OnnxTensor of(Initializer initializer) {
    return switch (initializer.type()) {
      case FLOAT -> floats(initializer.bytes(), initializer.shape());
      case UINT8, INT32, INT64, FLOAT16, BFLOAT16 ->
          make(() ->
              OnnxTensor.createTensor(
                  environment(),
                  bytes(initializer.bytes()),
                  initializer.shape(),
                  initializer.type().javaType()));
    };
  }

  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment();
  }

  private static ByteBuffer bytes(MemorySegment memory) {
    return memory.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  private static OnnxTensor make(Creation creation) {
    try {
      return creation.create();
    } catch (OrtException e) {
      throw new EngineException("ONNX Runtime can't take a tensor: " + e.getMessage(), e);
    }
  }

  private interface Creation {
    OnnxTensor create() throws OrtException;
  }
}
