package io.tuneplane.store;

import io.tuneplane.decision.StoredDecision;
import io.tuneplane.job.Decisions;
import java.util.Optional;

/// Decisions in the database, named by the digest of their text: the same decision is kept once,
/// and one that was altered no longer has its name. Safe for many threads and processes.
public final class SqlDecisions implements Decisions {

  private static final String PREFIX = "decision-";
  private static final int LENGTH = 24;

  private final Database database;

  /// Decisions in this database.
  public SqlDecisions(Database database) {
    this.database = database;
  }

  @Override
  public String save(String organisation, StoredDecision decision) {
    String text = decision.text();
    String id = id(text);
    database.write(tx ->
        tx.update(
            "INSERT INTO decisions (organisation, id, document) VALUES (?, ?, ?)"
                + " ON CONFLICT (organisation, id) DO NOTHING",
            organisation,
            id,
            text));
    return id;
  }

  @Override
  public Optional<String> find(String organisation, String id) {
    return database.read(tx ->
        tx.first(
            "SELECT document FROM decisions WHERE organisation = ? AND id = ?",
            row -> row.getString(1),
            organisation,
            id));
  }

  private static String id(String text) {
    return PREFIX + Digests.of(text).substring(0, LENGTH);
  }
}
