package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import io.tuneplane.backend.RemoteRunners.Admission;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A run over a tiny model as a place lays it out, and its runners' pods.
final class RemoteRun {

  private static final List<String> THINGS =
      List.of("tea", "rain", "the sea", "a lamp", "the moon", "bread", "a boat", "the hill");

  private final TestServer server;
  final String mark;
  final Path folder;
  final Path model;
  final String token;

  private RemoteRun(TestServer server, String mark, Path folder, Path model, String token) {
    this.server = server;
    this.mark = mark;
    this.folder = folder;
    this.model = model;
    this.token = token;
  }

  /// 6 steps an epoch, a checkpoint every two.
  static RemoteRun make(TestServer server, Path root, String mark, int epochs) throws IOException {
    Path model = root.resolve("model");
    if (!Files.exists(model)) {
      TinyLlama.seeded(1).writeFolder(model);
    }
    Path folder = Files.createDirectories(root.resolve(mark));
    Files.writeString(folder.resolve("train.jsonl"), chats(24));
    Files.writeString(folder.resolve("validation.jsonl"), chats(6));
    Files.writeString(folder.resolve("job.json"), job(mark, model, epochs));
    String token = server.runners.admit(new Admission(mark, 1, folder, model));
    return new RemoteRun(server, mark, folder, model, token);
  }

  private static String job(String mark, Path model, int epochs) {
    try (BaseModel base = Models.open(model)) {
      return """
      {"mark":"%s","attempt":1,"base_model":{"name":"tiny","path":"%s","digest":"%s"},
       "method":"supervised","seed":5,"compute":"fp32",
       "hyperparameters":{"n_epochs":%d,"batch_size":4,"learning_rate":0.01,
         "learning_rate_multiplier":1.0,"schedule":"linear","warmup_ratio":0.03,
         "weight_decay":0.0,"max_grad_norm":1.0,"packing":true,"max_length":128,
         "lora":{"r":4,"alpha":8,"dropout":0.1,"use_rslora":false,"target_modules":
           ["q_proj","k_proj","v_proj","o_proj","gate_proj","up_proj","down_proj"]}},
       "data":{"train":"train.jsonl","validation":"validation.jsonl"},
       "limits":{"threads":1,"checkpoint_every_steps":2,"checkpoint_every_seconds":0,
         "validate_every_steps":3}}
      """
          .formatted(mark, model, base.digest(), epochs);
    }
  }

  private static String chats(int n) {
    return IntStream.range(0, n)
        .mapToObj(i ->
            """
            {"messages":[{"role":"user","content":"what is %s?"},{"role":"assistant","content":"it is %s"}]}
            """
                .formatted(THINGS.get(i % 8), THINGS.get((i + 3) % 8)))
        .collect(Collectors.joining());
  }

  Pod pod(String name, String url) throws IOException {
    return pod(name, url, token);
  }

  /// Starts a runner in a folder of its own.
  Pod pod(String name, String url, String shown) throws IOException {
    return Pod.start(Pod.JAVA, place(name), url, mark, shown, Map.of());
  }

  /// Starts a runner of some kind.
  Pod pod(String name, List<String> runner, String url, Map<String, String> more)
      throws IOException {
    return Pod.start(runner, place(name), url, mark, token, more);
  }

  private Path place(String name) {
    return folder.resolveSibling(mark + "-" + name);
  }

  /// Begins an attempt, as another runner would.
  ///
  /// @return its number
  int begin(String word) {
    return server
        .send(
            server
                .request("/runner/v1/jobs/" + mark + "/attempts", token)
                .POST(BodyPublishers.ofString("{\"runner\":\"%s\"}".formatted(word))))
        .json()
        .path("attempt")
        .asInt();
  }

  /// What the server has of the run's events.
  List<JsonNode> events() throws IOException {
    return read(folder.resolve("events.jsonl"));
  }

  static List<JsonNode> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(RemoteRun::json).toList();
  }

  private static JsonNode json(String line) {
    try {
      return Json.mapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  List<JsonNode> events(String type) throws IOException {
    return events().stream().filter(e -> e.path("type").asText().equals(type)).toList();
  }

  List<String> texts() throws IOException {
    return events("message").stream().map(e -> e.path("text").asText()).toList();
  }

  void awaitEvents(Pod pod, int least) throws IOException, InterruptedException {
    while (events().size() < least && pod.isAlive()) {
      Thread.sleep(20);
    }
  }

  /// The newest step that has a checkpoint on the server; 0 for none.
  long savedStep() throws IOException {
    Path shelf = folder.resolve("checkpoints");
    if (!Files.exists(shelf)) {
      return 0;
    }
    try (var steps = Files.list(shelf)) {
      return steps
          .mapToLong(p -> Long.parseLong(p.getFileName().toString().substring(5)))
          .max()
          .orElse(0);
    }
  }

  String adapter() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("adapter/adapter_model.safetensors"));
    return HexFormat.of().formatHex(Fingerprint.sha256().digest(bytes));
  }
}
