package io.tuneplane.store;

import java.util.Optional;

/// Where a page of a list that goes from the newest to the oldest begins: behind this row.
///
/// @param number what the list is ordered by first: an instant or a step
/// @param id what it is ordered by next
record Page(long number, String id) {

  /// Before the first row of any list. No id is greater: ids are ASCII.
  private static final Page FIRST = new Page(Long.MAX_VALUE, "");

  /// Before the end of any list: there is nothing behind it.
  private static final Page NOWHERE = new Page(Long.MIN_VALUE, "");

  /// The page behind a row.
  ///
  /// @param sql finds number and id of the row with an id, in a scope
  /// @param after the row's id; empty for the first page. After a row that is not there, nothing
  ///   comes
  static Page after(Transaction tx, String sql, Optional<String> after, String scope) {
    return after
        .map(id ->
            tx.first(sql, row -> new Page(row.getLong(1), row.getString(2)), id, scope)
                .orElse(NOWHERE))
        .orElse(FIRST);
  }
}
