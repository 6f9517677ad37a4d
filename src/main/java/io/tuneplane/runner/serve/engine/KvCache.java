package io.tuneplane.runner.serve.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.runner.serve.onnx.CacheSide;
import io.tuneplane.runner.serve.onnx.DecoderGraph;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The keys and values of all slots: for each layer and side one block `[slots, heads, positions,
/// head size]` of floats, which ONNX Runtime reads and writes in place. A batch is a run of
/// neighbouring slots. Not safe for many threads.
final class KvCache implements AutoCloseable {

  private record Entry(String past, String present, MemorySegment memory) {}

  private record Window(int first, int count) {}

  private final int slots;
  private final int positions;
  private final int heads;
  private final int headDim;
  private final Arena arena = Arena.ofShared();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Window, List<OnnxTensor>> windows = new HashMap<>();

  /// @param slots sequences that it holds
  /// @param positions tokens that each may have
  KvCache(ModelConfig config, int slots, int positions) {
    this.slots = slots;
    this.positions = positions;
    this.heads = config.kvHeads();
    this.headDim = config.headDim();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (CacheSide side : CacheSide.values()) {
        entries.add(
            new Entry(
                DecoderGraph.past(layer, side),
                DecoderGraph.present(layer, side),
                LazyMemory.allocate(slots * slotBytes(), arena)));
      }
    }
  }

  int slots() {
    return slots;
  }

  int positions() {
    return positions;
  }

  /// Adds `count` slots from `first` on to a run's inputs and outputs.
  void bind(
      int first, int count, Map<String, OnnxTensorLike> inputs, Map<String, OnnxValue> outputs) {
    List<OnnxTensor> tensors = windows.computeIfAbsent(new Window(first, count), this::tensors);
    for (int i = 0; i < tensors.size(); i++) {
      inputs.put(entries.get(i).past(), tensors.get(i));
      outputs.put(entries.get(i).present(), tensors.get(i));
    }
  }

  private List<OnnxTensor> tensors(Window window) {
    long[] shape = {window.count(), heads, positions, headDim};
    return entries.stream()
        .map(e ->
            OrtTensors.floats(
                e.memory().asSlice(window.first() * slotBytes(), window.count() * slotBytes()),
                shape))
        .toList();
  }

  /// Copies the first `length` positions of a slot over another one's.
  void copy(int from, int to, int length) {
    long headBytes = (long) positions * headDim * Float.BYTES;
    long used = (long) length * headDim * Float.BYTES;
    for (Entry entry : entries) {
      for (int head = 0; head < heads; head++) {
        MemorySegment.copy(
            entry.memory(),
            from * slotBytes() + head * headBytes,
            entry.memory(),
            to * slotBytes() + head * headBytes,
            used);
      }
    }
  }

  private long slotBytes() {
    return (long) heads * positions * headDim * Float.BYTES;
  }

  @Override
  public void close() {
    windows.values().forEach(tensors -> tensors.forEach(OnnxTensor::close));
    arena.close();
  }
}
