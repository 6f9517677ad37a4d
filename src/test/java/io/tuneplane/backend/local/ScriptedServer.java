package io.tuneplane.backend.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/// Stands in for `runner serve`: a real process that speaks `docs/runner-serve.md`, and says the
/// same words to every prompt. A file named `fault` beside its token file holds the status that the
/// next requests get.
final class ScriptedServer {

  private static final String[] WORDS = "it will be with you on the third day".split("(?<= )", -1);

  private final String token;
  private final Path fault;
  private final Set<String> adapters = ConcurrentHashMap.newKeySet();

  private ScriptedServer(Path tokenFile) throws IOException {
    this.token = Files.readString(tokenFile);
    this.fault = tokenFile.resolveSibling("fault");
  }

  static void serve(List<String> args) throws IOException {
    ScriptedServer scripted =
        new ScriptedServer(Path.of(args.get(args.indexOf("--token-file") + 1)));
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", scripted::handle);
    http.start();
    System.out.println("ready " + http.getAddress().getPort());
    while (System.in.read() >= 0) {}
    Runtime.getRuntime().halt(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    JsonNode body = LocalJson.MAPPER.readTree(exchange.getRequestBody());
    if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "{\"error\": {\"message\": \"wrong token\"}}");
    } else if (Files.exists(fault)) {
      int status = Integer.parseInt(Files.readString(fault));
      Files.delete(fault);
      exchange.getResponseHeaders().add("Retry-After", "3");
      answer(exchange, status, "{\"error\": {\"message\": \"scripted " + status + "\"}}");
    } else {
      route(exchange, body);
    }
  }

  private void route(HttpExchange exchange, JsonNode body) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/v1/load_lora_adapter" -> {
        adapters.add(body.path("lora_name").asText());
        answer(exchange, 200, "loaded");
      }
      case "/v1/unload_lora_adapter" -> {
        boolean had = adapters.remove(body.path("lora_name").asText());
        answer(exchange, had ? 200 : 404, "unloaded");
      }
      case "/v1/tuneplane/score" ->
          answer(
              exchange,
              known(body) ? 200 : 404,
              "{\"passed\": true, \"quantization\": \"fp32\", \"bound\": 0.02,"
                  + " \"mean_abs_logprob_diff\": 0.01, \"tokens\": 2, \"greedy_equal_tokens\": 2}");
      default -> chat(exchange, body);
    }
  }

  private boolean known(JsonNode body) {
    String model = body.path("model").asText();
    return model.equals("base") || adapters.contains(model);
  }

  private void chat(HttpExchange exchange, JsonNode body) throws IOException {
    if (!known(body)) {
      answer(exchange, 404, "{\"error\": {\"message\": \"no such model\"}}");
      return;
    }
    int most = Math.min(WORDS.length, body.path("max_tokens").asInt(WORDS.length));
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < most; i++) {
        event(out, "{\"choices\": [{\"delta\": {\"content\": \"" + WORDS[i] + "\"}}]}");
      }
      String reason = most == WORDS.length ? "stop" : "length";
      event(out, "{\"choices\": [{\"delta\": {}, \"finish_reason\": \"" + reason + "\"}]}");
      event(
          out,
          "{\"choices\": [], \"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": "
              + most
              + "}}");
      event(out, "[DONE]");
    }
  }

  private static void event(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
