package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/// The API server answered with an error.
final class ClusterException extends Exception {

  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 500;

  private final int code;
  private final String reason;
  private final String words;
  private final String request;

  ClusterException(int code, String reason, String words, String request) {
    super(request + ": " + code + " " + reason + ": " + words);
    this.code = code;
    this.reason = reason;
    this.words = words;
    this.request = request;
  }

  /// Reads a `Status` object, or whatever else came as a body.
  ///
  /// @param request the verb and the path, for words
  static ClusterException of(int code, String body, String request) {
    JsonNode status = parse(body);
    String words = status.path("message").asText("");
    return new ClusterException(
        code,
        status.path("reason").asText(""),
        words.isEmpty() ? body.substring(0, Math.min(LONGEST, body.length())).strip() : words,
        request);
  }

  private static JsonNode parse(String body) {
    try {
      JsonNode node = Json.MAPPER.readTree(body);
      return node == null ? Json.object() : node;
    } catch (JsonProcessingException _) {
      return Json.object(); // A proxy's page: its text is all there is to say.
    }
  }

  /// The HTTP status.
  int code() {
    return code;
  }

  /// The API server's word for it, e.g. `AlreadyExists`; blank where it had none.
  String reason() {
    return reason;
  }

  /// The API server's own sentence.
  String words() {
    return words;
  }

  /// What was asked, e.g. `create jobs.batch`.
  String request() {
    return request;
  }

  boolean isNotFound() {
    return code == 404;
  }

  /// There is one of that name already.
  boolean isTaken() {
    return code == 409 && reason.equals("AlreadyExists");
  }

  /// Somebody changed it meanwhile.
  boolean isConflict() {
    return code == 409 && !isTaken();
  }

  /// The place in the list from which a watch should go on is no longer known.
  boolean isExpired() {
    return code == 410;
  }
}
