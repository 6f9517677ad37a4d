import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.runner.serve.engine.Answer;
import io.tuneplane.runner.serve.engine.DecoderSettings;
import io.tuneplane.runner.serve.engine.Engine;
import io.tuneplane.runner.serve.engine.EngineSettings;
import io.tuneplane.runner.serve.engine.GenerationRequest;
import io.tuneplane.runner.serve.engine.Piece;
import io.tuneplane.runner.serve.engine.Sampling;
import io.tuneplane.runner.serve.onnx.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/// Our side of `decode.sh`: `DecodeBenchmark MODEL PRECISION THREADS spin|nospin`. Sampling,
/// detokenising and batching are in the figures.
void main(String[] arguments) throws Exception {
  Precision precision = Precision.of(arguments[1]).orElseThrow();
  long start = System.nanoTime();
  try (BaseModel model = Models.open(Path.of(arguments[0]));
      Engine engine =
          new Engine(
              model,
              new DecoderSettings(
                  precision, 512, 8, Integer.parseInt(arguments[2]), arguments[3].equals("spin")),
              new EngineSettings(64, 128))) {
    double load = (System.nanoTime() - start) / 1e9;
    double[] best = new double[3];
    for (int round = 0; round < 4; round++) {
      best[0] = Math.max(best[0], 128 / time(engine, 1, 1));
      best[1] = Math.max(best[1], 32 / (time(engine, 1, 33) - time(engine, 1, 1)));
      best[2] = Math.max(best[2], 8 * 32 / (time(engine, 8, 33) - time(engine, 8, 1)));
    }
    IO.println(
        "{\"name\": \"tuneplane %s\", \"load\": %.2f, \"prefill\": %.1f, \"decode1\": %.1f, \"decode8\": %.1f}"
            .formatted(precision.label(), load, best[0], best[1], best[2]));
  }
}

/// Seconds for `count` sequences of 128 tokens, answered with `tokens` each.
double time(Engine engine, int count, int tokens) throws InterruptedException {
  long start = System.nanoTime();
  List<Answer> answers = new ArrayList<>();
  for (int i = 0; i < count; i++) {
    int[] prompt = new Random(i).ints(128, 1000, 20_000).toArray();
    answers.add(
        engine.generate(
            new GenerationRequest(
                prompt,
                Optional.empty(),
                tokens,
                Sampling.GREEDY,
                List.of(),
                true,
                OptionalInt.empty())));
  }
  for (Answer answer : answers) {
    while (answer.next() instanceof Piece.Text) {}
  }
  return (System.nanoTime() - start) / 1e9;
}
