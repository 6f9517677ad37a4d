package io.tuneplane.cli;

import io.tuneplane.api.ProviderTable;
import io.tuneplane.api.ProviderTable.Row;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Providers side by side, for people.
final class ProviderText {

  private ProviderText() {}

  static String of(ProviderTable table) {
    List<String> headings = new ArrayList<>(List.of("ASPECT"));
    table.providers().forEach(p -> headings.add(p.replace('_', '-').toUpperCase(Locale.ROOT)));
    Table text = new Table(headings.toArray(String[]::new));
    for (Row row : table.rows()) {
      List<String> cells = new ArrayList<>(List.of(row.aspect()));
      table.providers().forEach(p -> cells.add(row.words().getOrDefault(p, "")));
      text.row(cells.toArray());
    }
    return text + "\nFrom the price book '" + table.book() + "':\n" + sources(table);
  }

  private static String sources(ProviderTable table) {
    Set<String> lines = new LinkedHashSet<>();
    for (Row row : table.rows()) {
      lines.add(
          "  %s: %s, read on %s%s%s"
              .formatted(
                  row.aspect(),
                  row.source(),
                  row.readOn(),
                  row.stale() ? " (stale)" : "",
                  row.note().map(note -> "; " + note).orElse("")));
    }
    return Terminal.plain(String.join("\n", lines)) + "\n";
  }
}
