package io.tuneplane.cli;

/// How a command's answer is printed.
enum OutputFormat {
  /// For people.
  TABLE,
  /// For programs: documented, stable, snake_case.
  JSON,
  /// The same as JSON, easier on the eye.
  YAML
}
