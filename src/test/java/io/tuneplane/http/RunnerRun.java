package io.tuneplane.http;

import io.tuneplane.backend.RemoteRunners.Admission;
import io.tuneplane.http.TestServer.Reply;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A run's folder with a made-up model, and a runner at its desk that knows the routes.
final class RunnerRun {

  static final String TRAIN = "{\"messages\":[]}\n";
  static final String WEIGHTS = "weights";

  final String mark;
  final Path folder;
  final String token;
  private final TestServer server;

  RunnerRun(TestServer server, Path root, String mark, int round) throws IOException {
    this.server = server;
    this.mark = mark;
    this.folder = Files.createDirectories(root.resolve(mark));
    Path model = Files.createDirectories(root.resolve(mark + "-model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("model.safetensors"), WEIGHTS);
    Files.writeString(model.resolve("pytorch_model.bin"), "code");
    Files.writeString(folder.resolve("train.jsonl"), TRAIN);
    Files.writeString(
        folder.resolve("job.json"),
        """
        {"mark":"%s","attempt":1,"base_model":{"name":"m","path":"/secret/place","digest":"d"},
         "data":{"train":"train.jsonl"}}
        """
            .formatted(mark));
    this.token = server.runners.admit(new Admission(mark, round, folder, model));
  }

  String path(String rest) {
    return "/runner/v1/jobs/" + mark + rest;
  }

  Reply get(String rest) {
    return server.get(path(rest), token);
  }

  HttpRequest.Builder request(String rest, int attempt) {
    return server.request(path(rest), token).header("Tuneplane-Attempt", "" + attempt);
  }

  /// Begins an attempt.
  ///
  /// @return its number
  int begin(String word) {
    return post("/attempts", 0, "{\"runner\":\"%s\"}".formatted(word))
        .json()
        .get("attempt")
        .asInt();
  }

  Reply post(String rest, int attempt, String body) {
    return server.send(request(rest, attempt).POST(BodyPublishers.ofString(body)));
  }

  Reply put(String rest, int attempt, long offset, String piece) {
    return server.send(
        request(rest, attempt)
            .header("Upload-Offset", "" + offset)
            .PUT(BodyPublishers.ofString(piece)));
  }

  Reply arrived(String rest, int attempt) {
    return server.send(request(rest, attempt).GET());
  }

  /// An event as a runner writes it.
  static String message(long seq, int attempt) {
    return "{\"seq\":%d,\"attempt\":%d,\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"message\",\"level\":\"info\",\"text\":\"n%d\"}%n"
        .formatted(seq, attempt, seq);
  }

  static String sha256(String text) {
    return java.util.HexFormat.of()
        .formatHex(Fingerprint.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// Uploads a checkpoint of one file of weights beside its state.
  Reply checkpoint(int attempt, int step, String weights, int position) {
    String state = "{\"step\":%d,\"position_in_epoch\":%d}".formatted(step, position);
    String set = "/uploads/step-" + step;
    Reply first = put(set + "/adapter/adapter_model.safetensors", attempt, 0, weights);
    if (first.status() != 200) {
      return first;
    }
    put(set + "/state.json", attempt, 0, state);
    return post(
        set,
        attempt,
        "{\"format\":1,\"files\":{\"adapter/adapter_model.safetensors\":\"%s\",\"state.json\":\"%s\"}}"
            .formatted(sha256(weights), sha256(state)));
  }
}
