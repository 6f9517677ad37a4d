package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/// What a handler answers.
sealed interface Answer {

  /// JSON.
  record Body(int status, JsonNode json, Map<String, String> headers) implements Answer {}

  /// Text.
  record Text(int status, String type, String text) implements Answer {}

  /// A file's content; closed once it was sent.
  record Content(InputStream content, long length) implements Answer {}

  /// A file's content from a byte on; closed once it was sent.
  ///
  /// @param from the first byte that is sent
  /// @param whole the length of the whole file
  record Rest(InputStream content, long from, long whole) implements Answer {}

  /// Server-sent events, as they come.
  record Events(Source source, Map<String, String> headers) implements Answer {}

  /// Writes events until there are no more.
  interface Source {

    /// Writes all of them.
    ///
    /// @throws IOException if the client left
    void write(EventStream out) throws IOException;
  }

  /// 200 and a record as JSON.
  static Answer ok(Object value) {
    return new Body(200, Json.tree(value), Map.of());
  }
}
