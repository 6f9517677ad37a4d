package io.tuneplane.store;

import io.tuneplane.job.DatasetFlags;
import java.util.Set;
import java.util.TreeSet;

/// Flags of data in the database, a row each. Safe for many threads and processes.
public final class SqlDatasetFlags implements DatasetFlags {

  private final Database database;

  /// Flags in this database.
  public SqlDatasetFlags(Database database) {
    this.database = database;
  }

  @Override
  public Set<String> of(String organisation, String digest) {
    return database.read(tx ->
        new TreeSet<>(
            tx.list(
                "SELECT flag FROM dataset_flags WHERE organisation = ? AND digest = ?",
                row -> row.getString(1),
                organisation,
                digest)));
  }

  @Override
  public void add(String organisation, String digest, Set<String> flags) {
    if (of(organisation, digest).containsAll(flags)) {
      return;
    }
    database.write(tx -> {
      for (String flag : new TreeSet<>(flags)) {
        tx.update(
            "INSERT INTO dataset_flags (organisation, digest, flag) VALUES (?, ?, ?)"
                + " ON CONFLICT (organisation, digest, flag) DO NOTHING",
            organisation,
            digest,
            flag);
      }
      return flags;
    });
  }
}
