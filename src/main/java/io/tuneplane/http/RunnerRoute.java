package io.tuneplane.http;

/// The routes of runners on other machines (`docs/runner-http.md`). They take a run's own token and
/// no key; no key's route takes such a token.
enum RunnerRoute {
  /// Begins an attempt.
  ATTEMPTS("POST", "/attempts"),
  /// What there is to do.
  WORK("GET", ""),
  /// A file of the work.
  FILE("GET", "/files/{path...}"),
  /// Events.
  EVENTS("POST", "/events"),
  /// How much of a file has arrived.
  ARRIVED("GET", "/uploads/{set}/{path...}"),
  /// A piece of a file.
  PIECE("PUT", "/uploads/{set}/{path...}"),
  /// The end of an upload.
  COMPLETE("POST", "/uploads/{set}");

  /// What all of them begin with.
  static final String PREFIX = "/runner/v1/jobs/";

  private final String method;
  private final String path;

  RunnerRoute(String method, String path) {
    this.method = method;
    this.path = path;
  }

  String method() {
    return method;
  }

  PathTemplate template() {
    return PathTemplate.of(PREFIX + "{mark}" + path);
  }
}
