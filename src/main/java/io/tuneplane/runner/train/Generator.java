package io.tuneplane.runner.train;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.IValue;
import io.tuneplane.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Greedy answers to several prompts at once, with a key/value cache.
final class Generator {

  private final Kernels kernels;
  private final Llama llama;
  private final Llama.Adapted adapter;
  private final BooleanSupplier stop;

  /// @param stop asked before every token
  Generator(Kernels kernels, Llama llama, Llama.Adapted adapter, BooleanSupplier stop) {
    this.kernels = kernels;
    this.llama = llama;
    this.adapter = adapter;
    this.stop = stop;
  }

  /// An answer as ids, the one that ended it included.
  record Answer(List<Integer> tokens, List<Double> logProbabilities) {

    Answer {
      tokens = List.copyOf(tokens);
      logProbabilities = List.copyOf(logProbabilities);
    }
  }

  /// Answers each prompt with at most the given number of tokens; cut short where stopped.
  List<Answer> answers(List<int[]> prompts, int most) {
    int width = prompts.stream().mapToInt(p -> p.length).max().orElse(0) + most;
    try (Scope caches = kernels.scope()) {
      IValue cache = cache(caches, prompts.size(), width);
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        rows.add(prefill(cache, prompts.get(i), i));
      }
      for (int n = 1;
          n < most && !stop.getAsBoolean() && !rows.stream().allMatch(r -> r.done);
          n++) {
        decode(cache, rows);
      }
      return rows.stream().map(r -> new Answer(r.tokens, r.logProbabilities)).toList();
    }
  }

  private IValue cache(Scope scope, int rows, int width) {
    ModelConfig config = llama.config();
    IValue[] sides = new IValue[2 * config.layers()];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = scope.zeros(DataType.FLOAT32, rows, config.kvHeads(), width, config.headDim());
    }
    return scope.list(sides);
  }

  private Row prefill(IValue cache, int[] prompt, int index) {
    try (Scope s = kernels.scope()) {
      long[] ids = java.util.Arrays.stream(prompt).asLongStream().toArray();
      IValue logits = s.keep(llama.prefill(s, s.longs(ids), index, adapter, cache));
      Row row = new Row(prompt.length, Set.copyOf(llama.config().eosTokens()));
      row.add(greedy(s, logits), 0);
      return row;
    }
  }

  private void decode(IValue cache, List<Row> rows) {
    try (Scope s = kernels.scope()) {
      long[] ids = rows.stream().mapToLong(r -> r.tokens.getLast()).toArray();
      long[] positions = rows.stream().mapToLong(Row::nextPosition).toArray();
      IValue logits = s.keep(llama.decode(s, s.longs(ids), s.longs(positions), adapter, cache));
      Best best = greedy(s, logits);
      for (int i = 0; i < rows.size(); i++) {
        rows.get(i).add(best, i);
      }
    }
  }

  private Best greedy(Scope s, IValue logits) {
    IValue[] parts = s.parts(s.keep(kernels.call("greedy", logits)));
    return new Best(s.array(parts[0]).toLongArray(), s.array(parts[1]).toFloatArray());
  }

  // Arrays from libtorch; never compared or changed.
  @SuppressWarnings("ArrayRecordComponent")
  private record Best(long[] tokens, float[] logProbabilities) {}

  /// One answer as it grows. A row that is done goes on being computed, into the void.
  private static final class Row {
    private final int promptLength;
    private final Set<Integer> ends;
    private final List<Integer> tokens = new ArrayList<>();
    private final List<Double> logProbabilities = new ArrayList<>();
    private boolean done;

    Row(int promptLength, Set<Integer> ends) {
      this.promptLength = promptLength;
      this.ends = ends;
    }

    /// Where the last token goes; a row that is done writes to one place over and over.
    long nextPosition() {
      return promptLength + tokens.size() - 1L;
    }

    void add(Best best, int index) {
      if (done) {
        return;
      }
      int token = (int) best.tokens()[index];
      tokens.add(token);
      logProbabilities.add((double) best.logProbabilities()[index]);
      done = ends.contains(token);
    }
  }
}
