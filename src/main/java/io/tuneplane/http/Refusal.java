package io.tuneplane.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A request is refused; becomes `{"error": {"message", "type", "param", "code"}}` in OpenAI's
/// words.
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String INVALID_REQUEST = "invalid_request_error";
  private static final String SERVER = "server_error";

  private final int status;
  private final String type;
  private final String code;
  private final String param;
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private final transient Map<String, Object> details = new LinkedHashMap<>();

  private Refusal(int status, String type, String code, String param, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
  }

  /// 400 or another status of the sender's.
  static Refusal of(int status, String code, String message) {
    return new Refusal(status, INVALID_REQUEST, code, "", message);
  }

  /// 400: a field is wrong.
  static Refusal field(String param, String code, String message) {
    return new Refusal(400, INVALID_REQUEST, code, param, message);
  }

  /// 401. Says nothing of why: not even whether the key was one once.
  static Refusal unauthorized() {
    return of(
            401,
            "invalid_api_key",
            "A valid key is needed: send it as 'Authorization: Bearer tp-...'; an administrator"
                + " makes one with 'tuneplane keys create'.")
        .with("WWW-Authenticate", "Bearer");
  }

  /// 404: no such thing, for this caller.
  static Refusal notFound(String message) {
    return of(404, "not_found", message);
  }

  /// 422: the idempotency key is another request's.
  static Refusal keyReused() {
    return of(
        422,
        "idempotency_key_reused",
        "This Idempotency-Key was used for another request; use a new one.");
  }

  /// 429: more than is done at once.
  static Refusal busy(String message) {
    return new Refusal(429, "rate_limit_error", "too_many_requests", "", message)
        .with("Retry-After", "1");
  }

  /// 500 and above: not the sender's fault.
  static Refusal server(int status, String code, String message) {
    return new Refusal(status, SERVER, code, "", message);
  }

  Refusal with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  /// Adds a field to the error.
  Refusal detail(String field, Object value) {
    details.put(field, value);
    return this;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  ObjectNode json() {
    ObjectNode json = Json.mapper().createObjectNode();
    ObjectNode error = json.putObject("error").put("message", getMessage()).put("type", type);
    error.put("param", Optional.of(param).filter(p -> !p.isEmpty()).orElse(null));
    error.put("code", code);
    details.forEach(error::putPOJO);
    return json;
  }

  Answer answer() {
    return new Answer.Body(status, json(), headers);
  }
}
