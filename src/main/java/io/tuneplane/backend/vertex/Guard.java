package io.tuneplane.backend.vertex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Stands between Google's client and the network. Requests go to one host only, so that
/// credentials do; a redirect is an error (the client is told not to follow any); and an error
/// answer keeps its status, words and `Retry-After`. Safe for many threads.
final class Guard implements Interceptor {

  /// Hears of the call that the current thread makes, so that another thread can cancel it.
  static final ScopedValue<Consumer<Call>> CALLS = ScopedValue.newInstance();

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long MOST_OF_A_BODY = 64 * 1024;
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,6})(\\.\\d+)?s?");

  private final HttpUrl home;

  Guard(URI endpoint) {
    this.home =
        Objects.requireNonNull(HttpUrl.get(endpoint), "the settings take http and https only");
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    HttpUrl url = chain.request().url();
    if (!url.scheme().equals(home.scheme())
        || !url.host().equals(home.host())
        || url.port() != home.port()) {
      throw new IOException("refused to send credentials to " + url.host());
    }
    if (CALLS.isBound()) {
      CALLS.get().accept(chain.call());
    }
    Response response = chain.proceed(chain.request());
    if (response.isSuccessful()) {
      return response;
    }
    try (response) {
      throw refused(response);
    }
  }

  private static RefusedException refused(Response response) throws IOException {
    String body = response.peekBody(MOST_OF_A_BODY).string();
    JsonNode error = error(body);
    String status = error.path("status").asText(response.message());
    if (response.isRedirect()) {
      return new RefusedException(
          response.code(), status, "a redirect, which is not followed", Optional.empty());
    }
    String words = error.path("message").asText("");
    return new RefusedException(
        response.code(),
        status,
        words.isEmpty() ? "HTTP " + response.code() : words,
        seconds(response.header("Retry-After", "")).or(() -> retryDelay(error)));
  }

  // Google answers {"error": {...}}, for streams [{"error": {...}}]; what isn't JSON has no words.
  private static JsonNode error(String body) {
    try {
      JsonNode node = JSON.readTree(body);
      return (node.isArray() ? node.path(0) : node).path("error");
    } catch (JsonProcessingException _) {
      return JSON.missingNode();
    }
  }

  /// `google.rpc.RetryInfo` among the error's details.
  private static Optional<Duration> retryDelay(JsonNode error) {
    for (JsonNode detail : error.path("details")) {
      if (detail.has("retryDelay")) {
        return seconds(detail.path("retryDelay").asText());
      }
    }
    return Optional.empty();
  }

  private static Optional<Duration> seconds(@org.jspecify.annotations.Nullable String text) {
    Matcher matcher = SECONDS.matcher(text == null ? "" : text.strip());
    return matcher.matches()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(matcher.group(1))))
        : Optional.empty();
  }
}
