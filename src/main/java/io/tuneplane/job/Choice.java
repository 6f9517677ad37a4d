package io.tuneplane.job;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// A hyperparameter as it was asked for: a value, or `auto`.
///
/// @param value the value; empty for `auto`
public record Choice<T>(Optional<T> value) {

  /// Leaves the value to us.
  public static <T> Choice<T> auto() {
    return new Choice<>(Optional.empty());
  }

  /// Asks for a value.
  public static <T> Choice<T> of(T value) {
    return new Choice<>(Optional.of(value));
  }

  /// Reads `auto` or a value.
  ///
  /// @throws IllegalArgumentException if the parser does
  public static <T> Choice<T> parse(String text, Function<String, T> parser) {
    return text.equals("auto") ? auto() : of(parser.apply(text));
  }

  void whenAuto(Runnable action) {
    if (value.isEmpty()) {
      action.run();
    }
  }

  T orElse(Supplier<T> resolved) {
    return value.orElseGet(resolved);
  }
}
