package io.tuneplane.config;

import java.util.List;

/// The settings are wrong. Carries every problem, not only the first.
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /// @param problems each names the key, what was found and what was expected
  public ConfigException(List<String> problems) {
    super("settings: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong, one by one.
  public List<String> problems() {
    return problems;
  }
}
