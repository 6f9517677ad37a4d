package io.tuneplane.runner.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;

/// `metrics.csv`: OpenAI's result file (platform.openai.com/docs/guides/supervised-fine-tuning,
/// "analyzing your fine-tuned model"), one row a step, empty where nothing was measured.
final class MetricsCsv {

  private static final String HEADER =
      "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n";

  private MetricsCsv() {}

  static byte[] of(SortedMap<Long, JsonNode> metrics) {
    StringBuilder csv = new StringBuilder(HEADER);
    metrics.forEach((step, figures) ->
        csv.append(step)
            .append(figure(figures, "train_loss"))
            .append(figure(figures, "train_mean_token_accuracy"))
            .append(figure(figures, "valid_loss"))
            .append(figure(figures, "valid_mean_token_accuracy"))
            .append('\n'));
    return csv.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String figure(JsonNode figures, String name) {
    return figures.has(name) ? "," + figures.get(name).asText() : ",";
  }
}
