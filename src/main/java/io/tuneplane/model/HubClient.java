package io.tuneplane.model;

import io.tuneplane.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Asks a model hub over HTTP. The token goes to the hub's own address only, never to a host that
/// it redirects to; an encrypted address never redirects to an unencrypted one.
final class HubClient implements AutoCloseable {

  private static final int MAX_REDIRECTS = 5;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_WORDS = 2000;

  private final Settings.Hub hub;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  HubClient(Settings.Hub hub) {
    this.hub = hub;
  }

  /// An address below the hub's.
  URI address(String path) {
    String base = hub.endpoint().toString();
    return URI.create(base.endsWith("/") ? base + path : base + "/" + path);
  }

  /// The answer to a GET, which may be an error; the caller closes its body.
  ///
  /// @param from the first byte wanted; 0 for all
  HttpResponse<InputStream> get(URI address, long from) throws IOException, InterruptedException {
    URI at = address;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> answer =
          http.send(request(at, from), HttpResponse.BodyHandlers.ofInputStream());
      Optional<String> location = answer.headers().firstValue("Location");
      if (answer.statusCode() / 100 != 3 || location.isEmpty()) {
        return answer;
      }
      answer.body().close();
      at = redirected(at, location.get());
    }
    throw new ModelException("%s redirects more than %d times".formatted(address, MAX_REDIRECTS));
  }

  static URI redirected(URI from, String location) {
    try {
      URI to = from.resolve(location);
      boolean plain = "http".equals(to.getScheme()) && "http".equals(from.getScheme());
      if (plain || "https".equals(to.getScheme())) {
        return to;
      }
      throw new ModelException("%s redirects to an address without encryption".formatted(from));
    } catch (IllegalArgumentException e) {
      throw new ModelException("%s redirects to what is no address".formatted(from), e);
    }
  }

  private HttpRequest request(URI address, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).timeout(ANSWER_TIMEOUT).header("User-Agent", "tuneplane");
    if (from > 0) {
      request.header("Range", "bytes=%d-".formatted(from));
    }
    if (isHub(address)) {
      hub.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    return request.build();
  }

  private boolean isHub(URI address) {
    URI endpoint = hub.endpoint();
    return endpoint.getScheme().equals(address.getScheme())
        && endpoint.getHost().equals(address.getHost())
        && endpoint.getPort() == address.getPort();
  }

  /// An error answer in words: the hub's own, and what can be done. Closes the body.
  ModelException refusal(HttpResponse<InputStream> answer, String what) throws IOException {
    int status = answer.statusCode();
    String words = words(answer);
    String advice =
        switch (status) {
          case 401, 403 ->
              hub.token().isPresent()
                  ? "; accept the model's terms on the hub with the token's account"
                  : "; set HF_TOKEN to the token of an account that may read it";
          case 404 -> "; check the name";
          default -> "";
        };
    return new ModelException("%s: the hub answers %d%s%s".formatted(what, status, words, advice));
  }

  private static String words(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      String text =
          answer
              .headers()
              .firstValue("X-Error-Message")
              .orElse(new String(body.readNBytes(MAX_WORDS), StandardCharsets.UTF_8))
              .strip();
      return text.isEmpty() || text.startsWith("<") ? "" : " (%s)".formatted(text);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
