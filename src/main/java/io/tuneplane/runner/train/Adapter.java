package io.tuneplane.runner.train;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/// An adapter in libtorch's memory: its values, their gradient and AdamW's two moments, each one
/// flat array in the order of an [AdapterLayout].
final class Adapter implements AutoCloseable {

  private final Kernels kernels;
  private final Scope scope;
  private final AdapterLayout layout;
  private final Precision precision;
  private final IValue values;
  private final IValue gradient;
  private final IValue first;
  private final IValue second;

  Adapter(Kernels kernels, AdapterLayout layout, Precision precision) {
    this.kernels = kernels;
    this.layout = layout;
    this.precision = precision;
    scope = kernels.scope();
    values = scope.zeros(precision.wide(), layout.size());
    gradient = scope.zeros(precision.wide(), layout.size());
    first = scope.zeros(precision.wide(), layout.size());
    second = scope.zeros(precision.wide(), layout.size());
  }

  AdapterLayout layout() {
    return layout;
  }

  /// The matrices in the kernels' order and in the type of the frozen ones; the caller's to close.
  IValue matrices() {
    return split(values, precision.code());
  }

  /// Views of the gradient in the same order: what is added to them is added to the gradient.
  IValue gradients() {
    return split(gradient, code(precision.wide()));
  }

  private IValue split(IValue flat, int type) {
    List<AdapterLayout.Slot> slots = layout.slots();
    long[] rows = slots.stream().mapToLong(AdapterLayout.Slot::rows).toArray();
    long[] columns = slots.stream().mapToLong(AdapterLayout.Slot::columns).toArray();
    try (Scope s = kernels.scope()) {
      return kernels.call("split", flat, s.list(rows), s.list(columns), s.of((long) type));
    }
  }

  private static int code(DataType wide) {
    return wide == DataType.FLOAT64 ? Precision.FP64.code() : Precision.FP32.code();
  }

  /// The global norm of the gradient.
  double gradientNorm() {
    try (Scope s = kernels.scope()) {
      return number(s.array(s.keep(kernels.call("norm", gradient))));
    }
  }

  /// One AdamW step; the gradient is multiplied by the factor first, and zero afterwards.
  ///
  /// @param step the optimiser's step, from 1
  void update(double factor, long step, double rate, double decay) {
    try (Scope s = kernels.scope()) {
      s.keep(
          kernels.call(
              "adamw",
              values,
              gradient,
              first,
              second,
              s.of(factor),
              s.of(step),
              s.of(rate),
              s.of(decay)));
    }
  }

  /// A copy of the values.
  float[] read() {
    return read(values);
  }

  /// A copy of the gradient.
  float[] readGradient() {
    return read(gradient);
  }

  /// A copy of everything that a resumed run needs.
  State state() {
    return new State(read(values), read(first), read(second));
  }

  /// Sets everything to what it was.
  void restore(State state) {
    write(values, state.values());
    write(first, state.first());
    write(second, state.second());
  }

  /// Sets the values, and the optimiser to its beginning.
  void write(float[] flat) {
    restore(new State(flat, new float[flat.length], new float[flat.length]));
  }

  private float[] read(IValue flat) {
    try (Scope s = kernels.scope()) {
      PtNDArray array = s.array(flat);
      if (array.getDataType() == DataType.FLOAT32) {
        return array.toFloatArray();
      }
      double[] wide = array.toDoubleArray();
      float[] out = new float[wide.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) wide[i];
      }
      return out;
    }
  }

  private void write(IValue flat, float[] source) {
    try (Scope s = kernels.scope()) {
      s.keep(kernels.call("assign", flat, s.floats(source)));
    }
  }

  static double number(PtNDArray scalar) {
    return scalar.getDataType() == DataType.FLOAT64 ? scalar.getDouble() : scalar.getFloat();
  }

  @Override
  public void close() {
    scope.close();
  }

  /// The values and AdamW's moments.
  // Arrays of millions of values; never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record State(float[] values, float[] first, float[] second) {}
}
