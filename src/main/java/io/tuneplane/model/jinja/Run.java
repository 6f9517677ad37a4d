package io.tuneplane.model.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One rendering: its variables, and how much work it may still do.
final class Run {

  /// The longest text that a template may make, in UTF-16 units.
  static final int MAX_TEXT = 1 << 26;

  /// The longest list that a template may make.
  static final int MAX_LIST = 1 << 22;

  /// How deep values may be nested, as Python's own limit of about 1,000 has it.
  static final int MAX_NESTING = 500;

  /// Roughly a step for every loop round and every character that an operation touches.
  private static final long WORK = 1L << 28;

  /// What the calls of macros in progress may add up to, each counting its own nesting.
  private static final int MAX_DEPTH = 1000;

  private final Map<String, Object> variables;
  private final Map<String, Object> globals;
  private long work = WORK;
  private int depth;

  Run(Map<String, Object> variables, Map<String, Object> globals) {
    this.variables = variables;
    this.globals = globals;
  }

  /// The value that was passed in under the name, or the global of that name, or null.
  @Nullable Object resolve(String name) {
    Object value = variables.get(name);
    return value != null ? value : globals.get(name);
  }

  /// Counts work.
  ///
  /// @throws Fault when there was too much
  void spend(long steps) {
    work -= steps;
    if (work < 0) {
      throw new Fault("the template does too much work");
    }
  }

  /// Counts the work of one round of a loop.
  void spendOnRound() {
    spend(4);
  }

  /// Counts the work of reading a value once.
  void spendOn(Object value) {
    spend(value instanceof String text ? 1 + text.length() : 1);
  }

  /// Counts the work of searching a text for another, which may take the product of their lengths.
  void spendOnSearch(String text, String sought) {
    spend(text.length() * (1 + sought.length() / 32L));
  }

  /// Checks the length of a text before it is made.
  int textOf(long length) {
    if (length > MAX_TEXT) {
      throw new Fault("the template makes a text of more than " + MAX_TEXT + " characters");
    }
    spend(length);
    return (int) length;
  }

  /// Checks that so much more may be printed.
  void print(int printed, int more) {
    if ((long) printed + more > MAX_TEXT) {
      throw new Fault("the template prints more than " + MAX_TEXT + " characters");
    }
    spend(1L + more);
  }

  /// Checks the length of a list before it is made.
  int listOf(long length) {
    if (length > MAX_LIST) {
      throw new Fault("the template makes a list of more than " + MAX_LIST + " elements");
    }
    spend(length);
    return (int) length;
  }

  /// Goes into a macro.
  ///
  /// @throws Fault when calls are nested too deep
  void enter(int weight) {
    depth += weight;
    if (depth > MAX_DEPTH) {
      throw new Fault("maximum recursion depth exceeded");
    }
  }

  void leave(int weight) {
    depth -= weight;
  }
}
