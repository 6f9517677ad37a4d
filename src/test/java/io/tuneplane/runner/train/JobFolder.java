package io.tuneplane.runner.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import io.tuneplane.runner.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/// A job's folder over a tiny model, as the local backend would lay it out.
final class JobFolder {

  private static final List<String> THINGS =
      List.of("tea", "rain", "the sea", "a lamp", "the moon", "bread", "a boat", "the hill");

  final Path path;
  final ObjectNode job = RunnerJson.MAPPER.createObjectNode();

  /// A small supervised job with a validation set; change `job` before [#write].
  JobFolder(Path path, Path model) throws IOException {
    this.path = Files.createDirectories(path);
    try (BaseModel base = Models.open(model)) {
      job.put("mark", "test").put("attempt", 1);
      job.putObject("base_model")
          .put("name", "tiny")
          .put("path", model.toString())
          .put("digest", base.digest());
    }
    job.put("method", "supervised").put("seed", 5).put("compute", "fp32");
    ObjectNode h = job.putObject("hyperparameters");
    h.put("n_epochs", 2).put("batch_size", 4).put("learning_rate", 0.01);
    h.put("learning_rate_multiplier", 1.0).put("schedule", "linear").put("warmup_ratio", 0.03);
    h.put("weight_decay", 0.0).put("max_grad_norm", 1.0).put("packing", true);
    h.put("max_length", 128);
    ObjectNode lora = h.putObject("lora");
    lora.put("r", 4).put("alpha", 8).put("dropout", 0.0).put("use_rslora", false);
    TinyPass.ALL.forEach(lora.putArray("target_modules")::add);
    job.putObject("data").put("train", "train.jsonl").put("validation", "validation.jsonl");
    job.putObject("limits")
        .put("threads", 1)
        .put("checkpoint_every_steps", 2)
        .put("checkpoint_every_seconds", 0)
        .put("validate_every_steps", 3);
    Files.writeString(path.resolve("train.jsonl"), chats(24));
    Files.writeString(path.resolve("validation.jsonl"), chats(6));
  }

  static JobFolder tiny(Path folder) throws IOException {
    Path model = folder.resolve("model");
    if (!Files.exists(model)) {
      TinyLlama.seeded(1).writeFolder(model);
    }
    return new JobFolder(folder.resolve("job"), model);
  }

  /// Preference pairs in place of conversations.
  JobFolder dpo() throws IOException {
    job.put("method", "dpo");
    hyperparameters().put("beta", 0.1);
    Files.writeString(path.resolve("train.jsonl"), pairs(12));
    Files.writeString(path.resolve("validation.jsonl"), pairs(4));
    return this;
  }

  ObjectNode hyperparameters() {
    return (ObjectNode) job.get("hyperparameters");
  }

  ObjectNode limits() {
    return (ObjectNode) job.get("limits");
  }

  private static String chats(int n) {
    return IntStream.range(0, n)
        .mapToObj(i ->
            """
            {"messages":[{"role":"user","content":"what is %s?"},{"role":"assistant","content":"it is %s"}]}
            """
                .formatted(THINGS.get(i % THINGS.size()), THINGS.get((i + 3) % THINGS.size())))
        .reduce("", String::concat);
  }

  private static String pairs(int n) {
    return IntStream.range(0, n)
        .mapToObj(i ->
            """
            {"input":{"messages":[{"role":"user","content":"%s?"}]},"preferred_output":[{"role":"assistant","content":"yes, %s"}],"non_preferred_output":[{"role":"assistant","content":"no"}]}
            """
                .formatted(THINGS.get(i % THINGS.size()), THINGS.get(i % THINGS.size())))
        .reduce("", String::concat);
  }

  JobFolder write() throws IOException {
    Files.write(path.resolve("job.json"), RunnerJson.pretty(job));
    return this;
  }

  ExitCode train() throws IOException {
    return train(new StopRequest());
  }

  /// Runs an attempt in this process.
  ExitCode train(StopRequest stop) throws IOException {
    write();
    return new TrainCommand(path, InstantSource.fixed(Instant.EPOCH), stop).run();
  }

  List<JsonNode> events() throws IOException {
    return Files.readAllLines(path.resolve("events.jsonl")).stream().map(JobFolder::json).toList();
  }

  List<JsonNode> events(String type) throws IOException {
    return events().stream().filter(e -> e.path("type").asText().equals(type)).toList();
  }

  JsonNode lastEvent() throws IOException {
    return events().getLast();
  }

  String adapterDigest() throws IOException {
    return DurableFiles.sha256(path.resolve("adapter").resolve(PeftFolder.WEIGHTS));
  }

  static JsonNode json(String text) {
    try {
      return RunnerJson.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
