package io.tuneplane.store;

import java.util.Map;

/// Where the two databases differ.
enum Dialect {
  SQLITE(
      "SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",
      "",
      "BLOB",
      "TIMESTAMP"),
  POSTGRESQL(
      "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
      " FOR UPDATE",
      "BYTEA",
      "TIMESTAMP WITH TIME ZONE");

  private final String now;
  private final String forUpdate;
  private final String bytes;
  private final String time;

  Dialect(String now, String forUpdate, String bytes, String time) {
    this.now = now;
    this.forUpdate = forUpdate;
    this.bytes = bytes;
    this.time = time;
  }

  /// The query for the database's time, in microseconds.
  String now() {
    return now;
  }

  /// Ends a query whose row must not change until the transaction ends. SQLite has one writer at a
  /// time, so a transaction that writes needs no more.
  String forUpdate() {
    return forUpdate;
  }

  /// The names of types that have no common one, for the migrations.
  Map<String, String> types() {
    return Map.of("bytes", bytes, "time", time);
  }
}
