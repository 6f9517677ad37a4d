package io.tuneplane.runner.train;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/// Owns values of libtorch and frees them together. An array that is made from Java memory borrows
/// it and lives as long as the scope, so a scope must enclose every call that reads such an array.
final class Scope implements AutoCloseable {

  private final PtNDManager manager;
  private final Deque<IValue> values = new ArrayDeque<>();

  Scope(PtNDManager parent) {
    this.manager = (PtNDManager) parent.newSubManager();
  }

  /// A tensor of 64-bit integers.
  IValue longs(long[] values) {
    return tensor((PtNDArray) manager.create(values));
  }

  /// A tensor of 32-bit floats.
  IValue floats(float[] values) {
    return tensor((PtNDArray) manager.create(values));
  }

  /// A tensor over memory that must outlive the scope.
  IValue borrow(MemorySegment memory, DataType type, long... shape) {
    return tensor(manager.create(memory.asByteBuffer(), new Shape(shape), type));
  }

  /// Zeros of the given type.
  IValue zeros(DataType type, long... shape) {
    return tensor((PtNDArray) manager.zeros(new Shape(shape), type));
  }

  IValue of(long value) {
    return keep(IValue.from(value));
  }

  IValue of(double value) {
    return keep(IValue.from(value));
  }

  /// A list of integers.
  IValue list(long... values) {
    return keep(IValue.listFrom(values));
  }

  /// A list of tensors.
  IValue list(IValue... tensors) {
    PtNDArray[] arrays = new PtNDArray[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      arrays[i] = array(tensors[i]);
    }
    return keep(IValue.listFrom(arrays));
  }

  /// The parts of a tuple.
  IValue[] parts(IValue tuple) {
    IValue[] parts = tuple.toIValueTuple();
    for (IValue part : parts) {
      keep(part);
    }
    return parts;
  }

  /// The tensors of a list.
  IValue[] tensors(IValue list) {
    PtNDArray[] arrays = list.toTensorArray(manager);
    IValue[] tensors = new IValue[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      tensors[i] = tensor(arrays[i]);
    }
    return tensors;
  }

  /// The array behind a tensor; lives as long as the scope.
  PtNDArray array(IValue tensor) {
    return tensor.toTensor(manager);
  }

  /// Takes over a value that a call gave.
  IValue keep(IValue value) {
    values.push(value);
    return value;
  }

  private IValue tensor(PtNDArray array) {
    return keep(IValue.from(array));
  }

  @Override
  public void close() {
    values.forEach(IValue::close);
    manager.close();
  }
}
