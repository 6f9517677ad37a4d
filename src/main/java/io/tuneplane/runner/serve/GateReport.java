package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.runner.serve.engine.Score;
import io.tuneplane.runner.serve.onnx.Precision;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// How near the served model is to its trainer.
record GateReport(Precision precision, List<Item> items) {

  GateReport {
    items = List.copyOf(items);
  }

  /// One golden answer and what the served model makes of it.
  record Item(GoldenAnswer golden, Score served) {

    DoubleStream differences() {
      return IntStream.range(0, golden.tokens().length)
          .mapToDouble(i -> Math.abs(golden.logprobs()[i] - served.logprobs()[i]));
    }

    /// Tokens that the served model would have chosen too.
    int greedyEqual() {
      return (int)
          IntStream.range(0, golden.tokens().length)
              .filter(i -> golden.tokens()[i] == served.greedy()[i])
              .count();
    }
  }

  /// Within the bound; and at fp32 with the very same tokens.
  boolean passed() {
    boolean sameTokens = greedyEqual() == tokens();
    return switch (precision) {
      case FP32 -> mean() <= Gate.bound(precision) && sameTokens;
      case INT8, INT4 -> mean() <= Gate.bound(precision);
    };
  }

  int tokens() {
    return items.stream().mapToInt(i -> i.golden().tokens().length).sum();
  }

  int greedyEqual() {
    return items.stream().mapToInt(Item::greedyEqual).sum();
  }

  /// The mean absolute difference of log-probabilities over all tokens.
  double mean() {
    return items.stream().flatMapToDouble(Item::differences).average().orElse(Double.NaN);
  }

  double largest() {
    return items.stream().flatMapToDouble(Item::differences).max().orElse(Double.NaN);
  }

  ObjectNode json() {
    ObjectNode json =
        ApiJson.object().put("passed", passed()).put("quantization", precision.label());
    json.put("bound", Gate.bound(precision)).put("mean_abs_logprob_diff", mean());
    json.put("max_abs_logprob_diff", largest()).put("tokens", tokens());
    json.put("greedy_equal_tokens", greedyEqual());
    ArrayNode list = json.putArray("items");
    for (Item item : items) {
      list.addObject()
          .put("tokens", item.golden().tokens().length)
          .put("mean_abs_logprob_diff", item.differences().average().orElse(Double.NaN))
          .put("greedy_equal", item.greedyEqual() == item.golden().tokens().length);
    }
    return json;
  }
}
