package io.tuneplane.runner.serve.onnx;

import io.tuneplane.model.DType;
import io.tuneplane.model.Tensor;
import io.tuneplane.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// Brings tensors into the form that ONNX Runtime takes: the model's mapped bytes where they serve
/// as they are, native memory of the given arena otherwise.
final class WeightMemory {

  static final int ALIGNMENT = 64;

  private final Weights weights;
  private final Arena arena;

  WeightMemory(Weights weights, Arena arena) {
    this.weights = weights;
    this.arena = arena;
  }

  Tensor tensor(String name) {
    return weights.tensor(name);
  }

  boolean has(String name) {
    return weights.names().contains(name);
  }

  MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, ALIGNMENT);
  }

  /// The tensor as floats, under a name of the graph's.
  Initializer floats(String name, String source) {
    Tensor tensor = weights.tensor(source);
    return new Initializer(name, ElementType.FLOAT, tensor.shape(), floats(tensor));
  }

  /// The tensor in the type of its file where ONNX knows that, else as floats.
  Initializer stored(String name, String source) {
    Tensor tensor = weights.tensor(source);
    Optional<ElementType> type = halfType(tensor.dtype());
    if (type.isEmpty() || usable(tensor, type.get()).isEmpty()) {
      return floats(name, source);
    }
    return new Initializer(
        name, type.get(), tensor.shape(), usable(tensor, type.get()).orElseThrow());
  }

  /// Tensors with rows of one length, one under the other.
  Initializer stacked(String name, List<String> sources) {
    if (sources.size() == 1) {
      return floats(name, sources.getFirst());
    }
    List<Tensor> tensors = sources.stream().map(weights::tensor).toList();
    long values = tensors.stream().mapToLong(Tensor::size).sum();
    MemorySegment target = allocate(values * Float.BYTES);
    long at = 0;
    for (Tensor tensor : tensors) {
      tensor.copyTo(target.asSlice(at, tensor.size() * Float.BYTES));
      at += tensor.size() * Float.BYTES;
    }
    long[] shape = tensors.getFirst().shape().clone();
    shape[0] = tensors.stream().mapToLong(t -> t.shape()[0]).sum();
    return new Initializer(name, ElementType.FLOAT, shape, target);
  }

  private MemorySegment floats(Tensor tensor) {
    if (tensor.dtype() == DType.F32) {
      Optional<MemorySegment> mapped = usable(tensor, ElementType.FLOAT);
      if (mapped.isPresent()) {
        return mapped.get();
      }
    }
    MemorySegment target = allocate(tensor.size() * Float.BYTES);
    tensor.copyTo(target);
    return target;
  }

  // A file may place a tensor at any byte; one that is off its elements' boundary is copied.
  private static Optional<MemorySegment> usable(Tensor tensor, ElementType type) {
    return tensor.raw().filter(raw -> raw.address() % type.bytes() == 0);
  }

  private static Optional<ElementType> halfType(DType dtype) {
    return switch (dtype) {
      case F16 -> Optional.of(ElementType.FLOAT16);
      case BF16 -> Optional.of(ElementType.BFLOAT16);
      default -> Optional.empty();
    };
  }
}
