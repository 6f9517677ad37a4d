package io.tuneplane.store;

import io.tuneplane.access.SealedKeys;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Sealed provider keys in the database. Safe for many threads and processes.
public final class SqlSealedKeys implements SealedKeys {

  private final Database database;

  /// Sealed keys in this database.
  public SqlSealedKeys(Database database) {
    this.database = database;
  }

  @Override
  public void put(String name, byte[] sealed, Instant now) {
    database.write(tx ->
        tx.update(
            "INSERT INTO provider_keys (name, sealed, created_at) VALUES (?, ?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed,"
                + " created_at = excluded.created_at",
            name,
            Base64.getEncoder().encodeToString(sealed),
            now));
  }

  @Override
  public Optional<byte[]> get(String name) {
    return database.read(tx ->
        tx.first(
            "SELECT sealed FROM provider_keys WHERE name = ?",
            row -> Base64.getDecoder().decode(row.getString(1)),
            name));
  }

  @Override
  public List<Entry> list() {
    return database.read(tx ->
        tx.list(
            "SELECT name, created_at FROM provider_keys ORDER BY name",
            row -> new Entry(row.getString(1), Transaction.instant(row.getLong(2)))));
  }

  @Override
  public boolean delete(String name) {
    return database.write(tx -> tx.update("DELETE FROM provider_keys WHERE name = ?", name)) > 0;
  }
}
