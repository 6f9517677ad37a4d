package io.tuneplane.backend.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Stands in for the runner: a real process that speaks the whole contract of `docs/runner.md`, but
/// pretends to train. It fails as the system property `script` says: a list, by spaces, of
/// `ATTEMPT:STEP:CODE`, where a code above 256 means to die by `kill -9` in the middle of a line,
/// and `stubborn` means to ignore every request to stop.
final class ScriptedRunner {

  /// Steps of one epoch.
  static final int STEPS = 10;

  /// Dies by a signal instead of exiting.
  static final int KILLED = 999;

  private static final int CHECKPOINT_EVERY = 4;
  private static final List<String> RESULT =
      List.of(
          "adapter/adapter_config.json",
          "adapter/adapter_model.safetensors",
          "adapter/tuneplane.json",
          "golden.jsonl",
          "metrics.csv");
  private static final long STEP_MILLIS = 15;

  private final Path run;
  private final JsonNode job;
  private final String script;
  private final int attempt;
  private long seq;
  private volatile boolean stop;

  private ScriptedRunner(Path run, String script) throws IOException {
    this.run = run;
    this.job = LocalJson.MAPPER.readTree(run.resolve("job.json").toFile());
    this.script = script;
    this.attempt = job.path("attempt").asInt();
  }

  /// Runs `train DIR`, or `serve ...` as [ScriptedServer] does.
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args[0].equals("serve")) {
      ScriptedServer.serve(List.of(args));
      return;
    }
    Path run = Path.of(args[1]);
    note(run, "starts", ProcessHandle.current().pid() + "\n");
    FileChannel lock =
        FileChannel.open(run.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) {
      note(run, "doubles", ProcessHandle.current().pid() + "\n");
      Runtime.getRuntime().halt(20);
    }
    boolean reads = !List.of(args).contains("--ignore-stdin");
    new ScriptedRunner(run, System.getProperty("script", "")).train(reads);
  }

  private void train(boolean readsInput) throws IOException, InterruptedException {
    if (!script.contains("stubborn")) {
      listen(readsInput);
    }
    if (recover()) {
      Runtime.getRuntime().halt(0);
    }
    int total = job.path("hyperparameters").path("n_epochs").asInt() * STEPS;
    message("info", "memory " + job.path("limits").path("memory_bytes").asText("free"), "");
    for (int step = newestCheckpoint() + 1; step <= total; step++) {
      Thread.sleep(STEP_MILLIS);
      failIfScripted(step);
      metrics(step, total);
      if (step % CHECKPOINT_EVERY == 0 || step % STEPS == 0 || stop) {
        checkpoint(step);
      }
      if (stop) {
        Runtime.getRuntime().halt(143);
      }
    }
    result(total);
    Runtime.getRuntime().halt(0);
  }

  private void listen(boolean readsInput) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              stop = true;
              // The training thread halts the process once its checkpoint is written.
              pause();
            }));
    if (readsInput) {
      stopAtEndOfInput();
    }
  }

  private void stopAtEndOfInput() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (System.in.read() >= 0) {}
            stop = true;
          } catch (IOException e) {
            stop = true;
          }
        });
  }

  private static void pause() {
    try {
      Thread.sleep(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failIfScripted(int step) throws IOException {
    for (String rule : script.split(" ", -1)) {
      if (rule.startsWith(attempt + ":" + step + ":")) {
        int code = Integer.parseInt(rule.substring(rule.lastIndexOf(':') + 1));
        if (code == KILLED) {
          append("{\"seq\": " + (seq + 1) + ", \"attempt\": ");
          new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
          pause();
        }
        message("error", "scripted end with " + code, "scripted_" + code);
        Runtime.getRuntime().halt(code);
      }
    }
  }

  // As the runner does: half a line that a dying one left is cut off, and the numbers go on. True
  // where there is a result already.
  private boolean recover() throws IOException {
    Path events = run.resolve("events.jsonl");
    if (!Files.exists(events)) {
      return false;
    }
    String text = Files.readString(events);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    Files.writeString(events, whole);
    for (String line : whole.lines().toList()) {
      seq = LocalJson.MAPPER.readTree(line).path("seq").asLong();
    }
    return whole.contains("\"type\":\"result\"");
  }

  private int newestCheckpoint() throws IOException {
    Path checkpoints = Files.createDirectories(run.resolve("checkpoints"));
    try (Stream<Path> steps = Files.list(checkpoints)) {
      return steps
          .map(p -> Integer.parseInt(p.getFileName().toString().substring("step-".length())))
          .max(Comparator.naturalOrder())
          .orElse(0);
    }
  }

  private void metrics(int step, int total) throws IOException {
    event(
        "metrics",
        LocalJson.MAPPER
            .createObjectNode()
            .put("step", step)
            .put("total_steps", total)
            .put("epoch", (double) step / STEPS)
            .put("train_loss", 1.0 / step)
            .put("train_mean_token_accuracy", 0.5)
            .put("learning_rate", 1e-4)
            .put("tokens", step * 100L)
            .put("tokens_per_second", 50.0));
  }

  private void checkpoint(int step) throws IOException {
    String name = "checkpoints/step-" + step;
    Files.createDirectories(run.resolve(name));
    ObjectNode body = LocalJson.MAPPER.createObjectNode().put("step", step);
    if (step % STEPS == 0) {
      body.put("epoch", step / STEPS);
    }
    event("checkpoint", body.put("path", name).put("manifest_digest", "0".repeat(64)));
  }

  private void message(String level, String text, String code) throws IOException {
    ObjectNode body = LocalJson.MAPPER.createObjectNode().put("level", level).put("text", text);
    event("message", code.isEmpty() ? body : body.put("code", code));
  }

  private void result(int total) throws IOException {
    Files.createDirectories(run.resolve("adapter"));
    ObjectNode body =
        LocalJson.MAPPER
            .createObjectNode()
            .put("base_digest", job.path("base_model").path("digest").asText())
            .put("template_digest", "0".repeat(64))
            .put("compute", "fp32")
            .put("steps", total)
            .put("tokens", total * 100L)
            .put("seconds", 1.5)
            .put("peak_memory_bytes", 1L << 20);
    ArrayNode files = body.putArray("files");
    for (String name : RESULT) {
      Path file = Files.writeString(run.resolve(name), name + " of " + job.path("seed").asLong());
      files
          .addObject()
          .put("path", name)
          .put("sha256", ResultFiles.sha256(file))
          .put("bytes", Files.size(file));
    }
    event("result", body);
  }

  private void event(String type, ObjectNode body) throws IOException {
    seq++;
    body.put("seq", seq).put("attempt", attempt).put("at", Instant.now().toString());
    append(body.put("type", type) + "\n");
  }

  private void append(String text) throws IOException {
    note(run, "events.jsonl", text);
  }

  private static void note(Path run, String file, String text) throws IOException {
    Files.writeString(
        run.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
