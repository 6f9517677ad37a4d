package io.tuneplane.config;

/// A YAML text can't be used. The message starts with the file and line.
public final class YamlException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param where file and line, as [YamlNode#where] gives it
  /// @param problem what was found and what was expected
  public YamlException(String where, String problem) {
    super(where + ": " + problem);
  }
}
