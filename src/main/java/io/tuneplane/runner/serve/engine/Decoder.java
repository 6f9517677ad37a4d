package io.tuneplane.runner.serve.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.Weights;
import io.tuneplane.runner.serve.onnx.DecoderGraph;
import io.tuneplane.runner.serve.onnx.Initializer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A model in ONNX Runtime, with its cache. Not safe for many threads: one thread, a platform
/// thread, runs it.
final class Decoder implements AutoCloseable {

  /// Most positions whose logits one step gives.
  static final int MAX_ROWS = 32;

  private final ModelConfig config;
  private final Arena arena = Arena.ofShared();
  private final List<OnnxTensor> weights;
  private final OrtSession session;
  private final KvCache cache;
  private final MemorySegment logits;

  Decoder(ModelConfig config, Weights model, DecoderSettings settings, boolean lora) {
    this.config = config;
    DecoderGraph graph =
        DecoderGraph.of(config, model, arena, settings.precision(), settings.maxContext(), lora);
    this.weights = graph.initializers().stream().map(OrtTensors::of).toList();
    this.session = session(graph, weights, settings);
    this.cache = new KvCache(config, settings.maxSequences(), settings.maxContext());
    long rows = Math.max(settings.maxSequences(), MAX_ROWS);
    this.logits = arena.allocate(rows * config.vocabSize() * Float.BYTES, 64);
  }

  private static OrtSession session(
      DecoderGraph graph, List<OnnxTensor> tensors, DecoderSettings settings) {
    Map<String, OnnxTensorLike> weights = new HashMap<>();
    List<Initializer> initializers = graph.initializers();
    for (int i = 0; i < initializers.size(); i++) {
      weights.put(initializers.get(i).name(), tensors.get(i));
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(settings.threads());
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", settings.spin() ? "1" : "0");
      options.addExternalInitializers(weights);
      return OrtTensors.environment().createSession(graph.model(), options);
    } catch (OrtException e) {
      throw new EngineException("ONNX Runtime can't load the model: " + e.getMessage(), e);
    }
  }

  KvCache cache() {
    return cache;
  }

  /// Runs a step.
  ///
  /// @param lora the adapters' inputs; empty for a decoder without
  /// @return the logits, row by row, valid until the next step
  MemorySegment run(Step step, Map<String, OnnxTensor> lora) {
    Map<String, OnnxTensorLike> inputs = new HashMap<>(lora);
    Map<String, OnnxValue> outputs = new HashMap<>();
    cache.bind(step.firstSlot(), step.batch(), inputs, outputs);
    long rows = (long) step.batch() * step.rowCount();
    MemorySegment result = logits.asSlice(0, rows * config.vocabSize() * Float.BYTES);
    try (OnnxTensor tokens = OrtTensors.longs(step.flatTokens(), step.batch(), step.length());
        OnnxTensor last = OrtTensors.ints(step.lastPositions(), step.batch());
        OnnxTensor total = OrtTensors.ints(new int[] {step.longest()});
        OnnxTensor wanted = OrtTensors.longs(step.flatRows(), step.batch(), step.rowCount(), 1);
        OnnxTensor out =
            OrtTensors.floats(
                result, new long[] {step.batch(), step.rowCount(), config.vocabSize()})) {
      inputs.put(DecoderGraph.TOKENS, tokens);
      inputs.put(DecoderGraph.LAST_POSITIONS, last);
      inputs.put(DecoderGraph.TOTAL_LENGTH, total);
      inputs.put(DecoderGraph.ROWS, wanted);
      outputs.put(DecoderGraph.LOGITS, out);
      session.run(inputs, Set.of(), outputs).close();
    } catch (OrtException e) {
      throw new EngineException("ONNX Runtime can't run the model: " + e.getMessage(), e);
    }
    return result;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new EngineException("ONNX Runtime can't close the model: " + e.getMessage(), e);
    } finally {
      weights.forEach(OnnxTensor::close);
      cache.close();
      arena.close();
    }
  }
}
