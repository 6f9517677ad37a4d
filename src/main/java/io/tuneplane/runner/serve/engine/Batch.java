package io.tuneplane.runner.serve.engine;

import ai.onnxruntime.OnnxTensor;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.runner.serve.onnx.Projection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sequences that are at work, and what one turn of the engine does with them. Not safe for
/// many threads.
final class Batch implements AutoCloseable {

  private final ModelConfig config;
  private final Decoder decoder;
  private final Slots slots;
  private final AdapterCache adapters;
  private final int chunk;

  Batch(ModelConfig config, Decoder decoder, int chunk) {
    this.config = config;
    this.decoder = decoder;
    this.slots = new Slots(decoder.cache());
    this.adapters = new AdapterCache(config);
    this.chunk = chunk;
  }

  boolean canJoin() {
    return slots.canJoin();
  }

  boolean empty() {
    return slots.empty();
  }

  void join(Work work) {
    slots.join(work);
  }

  List<Work> clear() {
    return slots.clear();
  }

  /// Reads a part of the joining prompt, and takes one step with all others.
  void step() {
    dropCancelled();
    slots.joining().ifPresent(this::read);
    if (!slots.running().isEmpty()) {
      advance();
      slots.dropEnded();
    }
  }

  private void dropCancelled() {
    slots.running().stream().filter(Work::cancelled).forEach(Work::abort);
    slots.dropEnded();
    if (slots.joining().filter(j -> j.work().cancelled()).isPresent()) {
      slots.joining().orElseThrow().work().abort();
      slots.joined();
    }
  }

  private void read(Slots.Joining joining) {
    Work work = joining.work();
    int[] prompt = work.prompt();
    int from = joining.done();
    int to = Math.min(prompt.length, from + work.chunk(chunk));
    int[] rows = work.rows(from, to);
    Step step =
        new Step(
            slots.joiningSlot(),
            new int[][] {Arrays.copyOfRange(prompt, from, to)},
            new int[] {to},
            new int[][] {rows});
    work.prompted(from, to, run(step, List.of(work.adapter())));
    slots.read(to);
    if (to == prompt.length) {
      slots.joined();
    }
  }

  private void advance() {
    List<Generation> running = slots.running();
    int[][] tokens = new int[running.size()][];
    int[] totals = new int[running.size()];
    for (int i = 0; i < running.size(); i++) {
      tokens[i] = new int[] {running.get(i).lastToken()};
      totals[i] = running.get(i).total();
    }
    Step step = new Step(0, tokens, totals, new int[running.size()][1]);
    Logits[] logits = run(step, running.stream().map(Work::adapter).toList());
    for (int i = 0; i < logits.length; i++) {
      running.get(i).next(logits[i]);
    }
  }

  private Logits[] run(Step step, List<Optional<Adapter>> rows) {
    AdapterInputs inputs = adapters.of(rows);
    Map<String, OnnxTensor> lora = new HashMap<>(inputs.matrices());
    List<OnnxTensor> masks = new ArrayList<>();
    for (Projection projection : Projection.values()) {
      OnnxTensor mask = inputs.mask(projection, rows);
      masks.add(mask);
      lora.put(projection.loraMask(), mask);
    }
    try {
      MemorySegment result = decoder.run(step, lora);
      Logits[] logits = new Logits[step.batch() * step.rowCount()];
      Arrays.setAll(logits, i -> Logits.row(result, i, config.vocabSize()));
      return logits;
    } finally {
      masks.forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    adapters.close();
  }
}
