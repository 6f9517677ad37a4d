package io.tuneplane.runner.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.model.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// What a run leaves: the adapter, the golden answers and the figures. Each is written aside and
/// put in its place whole.
final class ResultFiles {

  private static final String GOLDEN = "golden.jsonl";
  private static final String METRICS = "metrics.csv";

  private final Path folder;
  private final TrainingJob job;
  private final BaseModel base;
  private final AdapterLayout layout;

  ResultFiles(Path folder, TrainingJob job, BaseModel base, AdapterLayout layout) {
    this.folder = folder;
    this.job = job;
    this.base = base;
    this.layout = layout;
  }

  void writeAdapter(float[] values) throws IOException {
    Path aside = folder.resolve("adapter.partial");
    DurableFiles.delete(aside);
    try {
      new PeftFolder(aside).write(job, layout, values, base.chatTemplate().digest());
      DurableFiles.moveFolder(aside, folder.resolve("adapter"));
    } finally {
      DurableFiles.delete(aside);
    }
  }

  /// Asks the tuned model at 32 bits, whatever it was trained at: servers are held to these
  /// answers.
  ///
  /// @return false if asked to stop first
  boolean writeGolden(ModelLoader loader, JobData data, float[] values, StopRequest stop)
      throws IOException {
    List<int[]> prompts =
        GoldenAnswers.prompts(
            data.asked(),
            data.encoder(),
            Math.min(
                data.encoder().maxTokens(), base.config().maxPositions() - GoldenAnswers.TOKENS));
    List<Generator.Answer> answers = List.of();
    if (!prompts.isEmpty()) {
      answers = answers(loader, prompts, values, stop);
    }
    if (stop.requested()) {
      return false;
    }
    DurableFiles.replace(
        folder.resolve(GOLDEN), GoldenAnswers.lines(prompts, answers, base.tokenizer()));
    return true;
  }

  private List<Generator.Answer> answers(
      ModelLoader loader, List<int[]> prompts, float[] values, StopRequest stop) {
    int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
    try (Llama llama = loader.load(Precision.FP32, longest + GoldenAnswers.TOKENS);
        Adapter adapter = new Adapter(loader.kernels(), layout, Precision.FP32)) {
      adapter.write(values);
      try (Llama.Adapted adapted =
          Llama.Adapted.of(adapter, job.hyperparameters().lora().scale())) {
        return new Generator(loader.kernels(), llama, adapted, stop::requested)
            .answers(prompts, GoldenAnswers.TOKENS);
      }
    }
  }

  void writeMetrics(SortedMap<Long, JsonNode> metrics) throws IOException {
    DurableFiles.replace(folder.resolve(METRICS), MetricsCsv.of(metrics));
  }

  List<RunEvent.FileDigest> digests() throws IOException {
    List<String> names = new ArrayList<>();
    PeftFolder.FILES.forEach(f -> names.add("adapter/" + f));
    names.add(GOLDEN);
    names.add(METRICS);
    List<RunEvent.FileDigest> digests = new ArrayList<>();
    for (String name : names) {
      Path file = folder.resolve(name);
      digests.add(new RunEvent.FileDigest(name, DurableFiles.sha256(file), Files.size(file)));
    }
    return digests;
  }
}
