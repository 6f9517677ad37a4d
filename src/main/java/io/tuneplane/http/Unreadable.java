package io.tuneplane.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.tuneplane.api.Json;
import java.nio.charset.StandardCharsets;

/// Answers what can't be read as a request, in OpenAI's shape, without repeating any of it.
final class Unreadable implements DirectHandler {

  private static final int FIRST_OF_SERVER = 500;

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType eventType,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    Refusal refusal =
        status.code() >= FIRST_OF_SERVER
            ? Refusal.server(status.code(), "internal_error", "Something went wrong on the server.")
            : Refusal.of(
                status.code(),
                "unreadable_request",
                "This can't be read as an HTTP request: " + status.reasonPhrase());
    headers.set(HeaderNames.CONTENT_TYPE, "application/json");
    return TransportResponse.builder()
        .status(status)
        .headers(headers)
        .entity(Json.line(refusal.json()).getBytes(StandardCharsets.UTF_8))
        .keepAlive(false)
        .build();
  }
}
