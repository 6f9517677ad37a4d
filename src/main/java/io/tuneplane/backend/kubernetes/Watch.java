package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/// A list that is being followed: one object a line. For one thread, [#cancel] apart.
final class Watch implements AutoCloseable {

  private final Call call;
  private final Response response;
  private final String request;

  /// @param call the request that was answered so
  Watch(Call call, Response response, String request) {
    this.call = call;
    this.response = response;
    this.request = request;
  }

  /// Something that happened.
  ///
  /// @param type `ADDED`, `MODIFIED`, `DELETED` or `BOOKMARK`
  /// @param object the object as it is then; of a bookmark only the version counts
  record Change(String type, JsonNode object) {}

  /// The next change; waits for it.
  ///
  /// @return empty when the server has ended the watch in good order
  /// @throws ClusterException where the server says why it can't go on;
  ///   [ClusterException#isExpired] where the list must be read anew
  Optional<Change> next() throws IOException, ClusterException {
    @Nullable ResponseBody body = response.body();
    if (body == null) {
      return Optional.empty();
    }
    BufferedSource source = body.source();
    String line = source.readUtf8Line();
    return line == null || line.isBlank() ? Optional.empty() : Optional.of(change(line));
  }

  private Change change(String line) throws IOException, ClusterException {
    JsonNode change = parse(line);
    String type = change.path("type").asText();
    JsonNode object = change.path("object");
    if (type.equals("ERROR")) {
      throw ClusterException.of(object.path("code").asInt(), object.toString(), request);
    }
    return new Change(type, object);
  }

  private static JsonNode parse(String line) throws IOException {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException("the watch broke off in the middle of an object", e);
    }
  }

  /// Makes whoever waits for the next change stop waiting, with an [IOException]. From any thread.
  void cancel() {
    call.cancel();
  }

  @Override
  public void close() {
    response.close();
  }
}
