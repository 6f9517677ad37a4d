package io.tuneplane.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.tuneplane.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the answer to one request.
final class Sending {

  private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

  /// How much of a body that nobody wants is read, so that its sender gets to see why.
  private static final int MOST_DRAINED = 64 * 1024 * 1024;

  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);
  private static final int CLIENT_LEFT = 499;
  private static final int TOO_SLOW = 408;
  private static final int TOO_LARGE = 413;

  private final ServerRequest request;
  private final ServerResponse response;
  private final String id;
  private final Stalls stalls;
  private final long started = System.nanoTime();
  private int status = CLIENT_LEFT;

  Sending(ServerRequest request, ServerResponse response, String id, Stalls stalls) {
    this.request = request;
    this.response = response;
    this.id = id;
    this.stalls = stalls;
  }

  /// What was sent; 499 if the client left before.
  int status() {
    return status;
  }

  void send(Answer answer) throws IOException {
    switch (answer) {
      case Answer.Body body -> {
        body.headers().forEach((name, value) -> response.header(name, value));
        whole(body.status(), "application/json", Json.line(body.json()));
      }
      case Answer.Text text -> whole(text.status(), text.type(), text.text());
      case Answer.Content content -> content(content);
      case Answer.Rest rest -> rest(rest);
      case Answer.Events events -> events(events);
    }
  }

  /// Sends why there is no answer; where one has begun, it is cut off instead, so that nobody takes
  /// it for a whole one.
  void failed(Exception failure) {
    if (response.isSent() || status != CLIENT_LEFT) {
      LOG.debug("request {} was cut off", id, failure);
      throw new UncheckedIOException(
          failure instanceof IOException io ? io : new IOException(failure));
    }
    Refusal refusal = Failures.of(failure, id);
    refusal.headers().forEach((name, value) -> response.header(name, value));
    if (request.content().hasEntity() && refusal.status() != TOO_SLOW) {
      drain();
    }
    boolean unread = mayBeUnread(failure, refusal);
    if (unread) {
      response.header(HeaderNames.CONNECTION, "close");
    }
    whole(refusal.status(), "application/json", Json.line(refusal.json()));
    if (unread) {
      throw new CloseConnectionException("the rest of the body is not waited for");
    }
  }

  /// Whether some of the body may still be on its way: then the connection can't be used again.
  private boolean mayBeUnread(Exception failure, Refusal refusal) {
    return request.content().hasEntity()
        && (!request.content().consumed()
            || refusal.status() == TOO_SLOW
            || refusal.status() == TOO_LARGE
            || failure instanceof IOException
            || failure instanceof UncheckedIOException);
  }

  /// Reads on for a while, so that the answer is not lost with the connection.
  private void drain() {
    long deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
    try {
      InputStream in = stalls.watched(request.content().inputStream());
      byte[] chunk = new byte[8192];
      long read = 0;
      int n = in.read(chunk);
      while (n >= 0 && read < MOST_DRAINED && System.nanoTime() - deadline < 0) {
        read += n;
        n = in.read(chunk);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("request {}: its body ended early", id, e);
    }
  }

  private void whole(int code, String type, String text) {
    head(code, type);
    response.send(text.getBytes(StandardCharsets.UTF_8));
  }

  private void content(Answer.Content content) throws IOException {
    try (InputStream in = content.content()) {
      response.header(HeaderNames.CONTENT_DISPOSITION, "attachment");
      response.contentLength(content.length());
      head(200, "application/octet-stream");
      try (OutputStream out = response.outputStream()) {
        in.transferTo(out);
      }
    }
  }

  private void rest(Answer.Rest rest) throws IOException {
    try (InputStream in = rest.content()) {
      response.contentLength(rest.whole() - rest.from());
      if (rest.from() > 0) {
        response.header(
            HeaderNames.CONTENT_RANGE,
            "bytes %d-%d/%d".formatted(rest.from(), rest.whole() - 1, rest.whole()));
      }
      head(rest.from() > 0 ? 206 : 200, "application/octet-stream");
      try (OutputStream out = response.outputStream()) {
        in.transferTo(out);
      }
    }
  }

  private void events(Answer.Events events) throws IOException {
    response.header(HeaderNames.CACHE_CONTROL, "no-cache");
    events.headers().forEach((name, value) -> response.header(name, value));
    head(200, "text/event-stream; charset=utf-8");
    try (OutputStream out = response.outputStream()) {
      events.source().write(new EventStream(out));
    }
  }

  private void head(int code, String type) {
    status = code;
    response.status(code);
    Map.of(
            "Content-Type",
            type,
            "X-Content-Type-Options",
            "nosniff",
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "x-request-id",
            id,
            "openai-version",
            "2020-10-01",
            "openai-processing-ms",
            Long.toString(Duration.ofNanos(System.nanoTime() - started).toMillis()))
        .forEach((name, value) -> response.header(name, value));
  }
}
