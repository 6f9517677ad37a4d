package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The bytes of requests and answers.
final class Bodies {

  private Bodies() {}

  /// A request's body, of bounded length.
  ///
  /// @throws ApiException if it is longer
  static byte[] read(ServerRequest request) {
    if (!request.content().hasEntity()) {
      throw ApiException.bad("The request has no body.");
    }
    try (InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(ApiJson.MAX_BYTES + 1);
      if (body.length > ApiJson.MAX_BYTES) {
        throw ApiException.tooLarge(
            "The body is longer than %d bytes.".formatted(ApiJson.MAX_BYTES));
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void send(ServerResponse response, int status, JsonNode json) {
    response.header("Content-Type", "application/json");
    response.status(status).send(ApiJson.write(json));
  }

  static void sendText(ServerResponse response, String text) {
    response.header("Content-Type", "text/plain; charset=utf-8");
    response.send(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
