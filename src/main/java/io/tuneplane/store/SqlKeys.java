package io.tuneplane.store;

import io.tuneplane.access.Caller;
import io.tuneplane.access.Key;
import io.tuneplane.access.Keys;
import io.tuneplane.access.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Keys in the database, found by their digest. Safe for many threads and processes.
public final class SqlKeys implements Keys {

  private static final String COLUMNS =
      "id, organisation, name, role, flags, digest, hint, created_at, expires_at, revoked_at";

  private final Database database;

  /// Keys in this database.
  public SqlKeys(Database database) {
    this.database = database;
  }

  @Override
  public void save(Key key) {
    database.write(tx -> insert(tx, key));
  }

  @Override
  public boolean saveFirst(Key key) {
    return database.write(tx -> {
      tx.lock("first key");
      boolean first = tx.first("SELECT id FROM access_keys LIMIT 1", row -> true).isEmpty();
      if (first) {
        insert(tx, key);
      }
      return first;
    });
  }

  private static int insert(Transaction tx, Key key) {
    Caller caller = key.caller();
    return tx.update(
        "INSERT INTO access_keys (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        caller.keyId(),
        caller.organisation(),
        caller.name(),
        caller.role().wireName(),
        StoredJson.text(caller.flags()),
        key.digest(),
        key.hint(),
        key.createdAt(),
        key.expiresAt().orElse(null),
        key.revokedAt().orElse(null));
  }

  @Override
  public Optional<Key> byDigest(String digest) {
    return database.read(tx ->
        tx.first("SELECT " + COLUMNS + " FROM access_keys WHERE digest = ?", SqlKeys::key, digest));
  }

  @Override
  public List<Key> list(String organisation) {
    return database.read(tx ->
        tx.list(
            "SELECT "
                + COLUMNS
                + " FROM access_keys WHERE organisation = ? ORDER BY created_at DESC, id DESC",
            SqlKeys::key,
            organisation));
  }

  @Override
  public boolean revoke(String organisation, String keyId, Instant now) {
    return database.write(tx ->
        tx.update(
            "UPDATE access_keys SET revoked_at = COALESCE(revoked_at, ?)"
                + " WHERE organisation = ? AND id = ?",
            now,
            organisation,
            keyId))
        > 0;
  }

  @Override
  public boolean isEmpty() {
    return database
        .read(tx -> tx.first("SELECT id FROM access_keys LIMIT 1", row -> true))
        .isEmpty();
  }

  private static Key key(ResultSet row) throws SQLException {
    SortedSet<String> flags =
        new TreeSet<>(Arrays.asList(StoredJson.read(row.getString("flags"), String[].class)));
    return new Key(
        new Caller(
            row.getString("id"),
            row.getString("name"),
            row.getString("organisation"),
            Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
            flags),
        row.getString("digest"),
        row.getString("hint"),
        Transaction.instant(row.getLong("created_at")),
        Transaction.optionalInstant(row, "expires_at"),
        Transaction.optionalInstant(row, "revoked_at"));
  }
}
