package io.tuneplane.runner.serve;

import java.util.Optional;

/// A request is refused; becomes `{"error": {"message", "type", "param", "code"}}`. The names of
/// the types are vLLM's.
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String parameter;

  private ApiException(int status, String type, String parameter, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.parameter = parameter;
  }

  /// 400: the request can't be read or can't be met.
  static ApiException bad(String message) {
    return new ApiException(400, "BadRequestError", "", message);
  }

  /// 400: a field of the request is wrong.
  static ApiException bad(String parameter, String message) {
    return new ApiException(400, "BadRequestError", parameter, message);
  }

  /// 400: the adapter's name is taken, or the adapter is refused.
  static ApiException invalidInput(String message) {
    return new ApiException(400, "InvalidUserInput", "", message);
  }

  /// 401.
  static ApiException unauthorized() {
    return new ApiException(401, "Unauthorized", "", "Unauthorized");
  }

  /// 404.
  static ApiException notFound(String message) {
    return new ApiException(404, "NotFoundError", "", message);
  }

  /// 413: the body is too long.
  static ApiException tooLarge(String message) {
    return new ApiException(413, "RequestEntityTooLarge", "", message);
  }

  /// 429: too many requests are waiting.
  static ApiException busy(String message) {
    return new ApiException(429, "TooManyRequests", "", message);
  }

  /// 500.
  static ApiException internal(String message) {
    return new ApiException(500, "InternalServerError", "", message);
  }

  /// 503: the server is ending.
  static ApiException ending(String message) {
    return new ApiException(503, "ServiceUnavailable", "", message);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  /// The field that is wrong, if one is.
  Optional<String> parameter() {
    return Optional.of(parameter).filter(p -> !p.isEmpty());
  }
}
