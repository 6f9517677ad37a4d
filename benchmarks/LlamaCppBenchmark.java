import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// llama.cpp's side of `decode.sh`, through `de.kherud:llama`: `LlamaCppBenchmark GGUF THREADS`.
void main(String[] arguments) throws Exception {
  ModelParameters parameters =
      new ModelParameters()
          .setModel(arguments[0])
          .setThreads(Integer.parseInt(arguments[1]))
          .setCtxSize(8 * 512)
          .setParallel(8)
          .setGpuLayers(0)
          .disableLog();
  long start = System.nanoTime();
  try (LlamaModel model = new LlamaModel(parameters)) {
    double load = (System.nanoTime() - start) / 1e9;
    double[] best = new double[2];
    for (int round = 0; round < 4; round++) {
      best[0] = Math.max(best[0], 32 / (time(model, 1, 33) - time(model, 1, 1)));
      best[1] = Math.max(best[1], 8 * 32 / (time(model, 8, 33) - time(model, 8, 1)));
    }
    IO.println(
        "{\"name\": \"llama.cpp\", \"load\": %.2f, \"decode1\": %.1f, \"decode8\": %.1f}"
            .formatted(load, best[0], best[1]));
  }
  // Its native threads outlive the model and would keep the process alive.
  System.exit(0);
}

double time(LlamaModel model, int count, int tokens) throws Exception {
  long start = System.nanoTime();
  try (var threads = Executors.newFixedThreadPool(count)) {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String prompt = i + " " + "story of the sea and the hills ".repeat(16);
      all.add(threads.submit(() -> generate(model, prompt, tokens)));
    }
    for (Future<?> one : all) {
      one.get();
    }
  }
  return (System.nanoTime() - start) / 1e9;
}

int generate(LlamaModel model, String prompt, int tokens) {
  int pieces = 0;
  InferenceParameters parameters =
      new InferenceParameters(prompt)
          .setTemperature(0f)
          .setNPredict(tokens)
          .setIgnoreEos(true)
          .setCachePrompt(false);
  for (LlamaOutput output : model.generate(parameters)) {
    pieces += output.text.isEmpty() ? 0 : 1;
  }
  return pieces;
}
