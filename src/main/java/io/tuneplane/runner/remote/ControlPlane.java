package io.tuneplane.runner.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The control plane's side of the contract, as calls. One request each; nothing is tried again
/// here. Safe for many threads.
final class ControlPlane implements AutoCloseable {

  static final JsonMapper JSON = new JsonMapper();

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration USUAL = Duration.ofSeconds(60);
  // The server reads large files first, for their digests.
  private static final Duration LONG = Duration.ofMinutes(15);
  private static final int MOST_ERROR = 1 << 16;

  private final HttpClient client;
  private final URI url;
  private final String base;
  private final String token;
  private volatile int attempt;

  /// @throws WrongInput if there is no token
  ControlPlane(RemoteSettings settings) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT);
    settings.ca().ifPresent(ca -> builder.sslContext(Authorities.of(ca)));
    this.client = builder.build();
    this.url = settings.url();
    this.base = "/runner/v1/jobs/" + settings.mark();
    try {
      this.token = Files.readString(settings.token()).strip();
    } catch (IOException e) {
      throw new WrongInput("TUNEPLANE_TOKEN_FILE: " + settings.token() + " can't be read", e);
    }
    if (!token.matches("[\\x21-\\x7e]{1,256}")) {
      throw new WrongInput("TUNEPLANE_TOKEN_FILE: " + settings.token() + " holds no token");
    }
  }

  /// Begins an attempt, and goes on as it.
  JsonNode begin(String word) throws RemoteException, InterruptedException {
    BodyPublisher body = text(JSON.createObjectNode().put("runner", word));
    JsonNode work = json(request("/attempts", LONG).POST(body));
    attempt = work.path("attempt").asInt();
    return work;
  }

  /// The attempt that has begun.
  int attempt() {
    return attempt;
  }

  /// A file from a byte on. The caller closes it.
  InputStream file(String path, long from) throws RemoteException, InterruptedException {
    return send(request("/files/" + encoded(path), LONG).header("Range", "bytes=" + from + "-"))
        .body();
  }

  /// Sends lines of events; none only asks.
  JsonNode events(byte[] lines, int length) throws RemoteException, InterruptedException {
    return json(
        request("/events", USUAL)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArray(lines, 0, length)));
  }

  /// How much of a file has arrived.
  long arrived(String set, String path) throws RemoteException, InterruptedException {
    return json(request(upload(set, path), USUAL).GET()).path("bytes").asLong();
  }

  /// Sends a piece of a file.
  ///
  /// @return how much of it is there now
  long piece(String set, String path, long offset, BodyPublisher piece)
      throws RemoteException, InterruptedException {
    return json(request(upload(set, path), LONG)
            .header("Upload-Offset", String.valueOf(offset))
            .PUT(piece))
        .path("bytes")
        .asLong();
  }

  /// Ends the upload of a set.
  void complete(String set, byte[] manifest) throws RemoteException, InterruptedException {
    JsonNode _ = json(request("/uploads/" + set, LONG).POST(BodyPublishers.ofByteArray(manifest)));
  }

  private static String upload(String set, String path) {
    return "/uploads/" + set + "/" + encoded(path);
  }

  private static String encoded(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
        .collect(Collectors.joining("/"));
  }

  private static BodyPublisher text(ObjectNode json) {
    return BodyPublishers.ofString(json.toString());
  }

  private HttpRequest.Builder request(String path, Duration longest) {
    return HttpRequest.newBuilder(URI.create(url + base + path))
        .timeout(longest)
        .header("Authorization", "Bearer " + token)
        .header("Tuneplane-Attempt", String.valueOf(attempt));
  }

  private JsonNode json(HttpRequest.Builder request) throws RemoteException, InterruptedException {
    try (InputStream body = send(request).body()) {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new RemoteException.Silent("the answer broke off: " + e.getMessage(), e);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request)
      throws RemoteException, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new RemoteException.Silent(url + " can't be reached: " + e, e);
    }
    if (response.statusCode() / 100 == 2) {
      return response;
    }
    throw failure(response);
  }

  private static RemoteException failure(HttpResponse<InputStream> response) {
    JsonNode error;
    try (InputStream body = response.body()) {
      error = JSON.readTree(body.readNBytes(MOST_ERROR)).path("error");
    } catch (JsonProcessingException e) {
      return new RemoteException.Silent(
          "status %d, not in the words of a control plane".formatted(response.statusCode()), e);
    } catch (IOException e) {
      return new RemoteException.Silent("the answer broke off: " + e.getMessage(), e);
    }
    return failure(response.statusCode(), error);
  }

  private static RemoteException failure(int status, JsonNode error) {
    String code = error.path("code").asText();
    String words = error.path("message").asText() + " (" + status + " " + code + ")";
    if (status == 401 || code.equals("stale_attempt")) {
      return new RemoteException.Over(words);
    }
    if (status >= 500 || status == 429 || status == 408 || code.equals("busy")) {
      return new RemoteException.Silent(words);
    }
    long number = error.path("next").asLong(error.path("bytes").asLong(-1));
    return new RemoteException.Refused(words, code, number);
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
