package io.tuneplane.cli;

import io.tuneplane.api.Json;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// The `-o` option, mixed into every command that answers something.
final class OutputOption {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print the answer: ${COMPLETION-CANDIDATES} (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  OutputFormat format() {
    return format;
  }

  /// Prints the answer: `value` for programs, `text` for people.
  ///
  /// @param value a record or tree, written with snake_case names
  /// @param text the same for people, with or without a line end
  void print(Terminal terminal, Object value, Supplier<String> text) {
    String answer =
        switch (format) {
          case TABLE -> text.get();
          case JSON -> Json.pretty(value);
          case YAML -> Json.yaml(value);
        };
    terminal.out().print(answer.endsWith("\n") ? answer : answer + "\n");
    terminal.out().flush();
  }
}
