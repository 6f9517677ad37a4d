package io.tuneplane.api;

import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.TableRow;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Providers side by side, as a price book has them.
///
/// @param book the book's name
/// @param providers the columns, in the book's order
/// @param rows what is compared
public record ProviderTable(String book, List<String> providers, List<Row> rows) {

  public ProviderTable {
    providers = List.copyOf(providers);
    rows = List.copyOf(rows);
  }

  /// One aspect.
  ///
  /// @param aspect what is compared
  /// @param words by provider
  /// @param source who says so
  /// @param readOn when it was read there
  /// @param stale whether that is longer ago than the book allows
  /// @param note what else must be said of it
  public record Row(
      String aspect,
      Map<String, String> words,
      String source,
      LocalDate readOn,
      boolean stale,
      Optional<String> note) {}

  /// The table of a book.
  public static ProviderTable of(PriceBook book, LocalDate today) {
    List<TableRow> rows = book.reference().comparison();
    return new ProviderTable(
        book.name(),
        rows.stream().flatMap(r -> r.byProvider().keySet().stream()).distinct().toList(),
        rows.stream().map(row -> row(book, row, today)).toList());
  }

  private static Row row(PriceBook book, TableRow row, LocalDate today) {
    return new Row(
        row.aspect(),
        row.byProvider(),
        row.source().text(),
        row.source().readOn(),
        row.source().isStale(today, book.staleAfterDays()),
        row.source().note());
  }
}
