package io.tuneplane.store;

import io.tuneplane.access.Replies;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Answers in the database. A claim is a row: of many that come at once, one is inserted. Safe for
/// many threads and processes.
public final class SqlReplies implements Replies {

  private final Database database;

  /// Answers in this database.
  public SqlReplies(Database database) {
    this.database = database;
  }

  private record Row(String fingerprint, Instant claimedAt, Optional<Reply> reply) {}

  @Override
  public Claim claim(
      String organisation, String key, String fingerprint, Duration patience, Instant now) {
    String digest = Digests.of(key);
    return database.write(tx -> {
      int inserted =
          tx.update(
              "INSERT INTO replies (organisation, key_digest, fingerprint, claimed_at)"
                  + " VALUES (?, ?, ?, ?) ON CONFLICT (organisation, key_digest) DO NOTHING",
              organisation,
              digest,
              fingerprint,
              now);
      return inserted > 0
          ? new Claim.Mine()
          : meet(tx, organisation, digest, fingerprint, now.minus(patience), now);
    });
  }

  private static Claim meet(
      Transaction tx,
      String organisation,
      String digest,
      String fingerprint,
      Instant abandoned,
      Instant now) {
    Optional<Row> found =
        tx.firstForUpdate(
            "SELECT fingerprint, claimed_at, status, body FROM replies"
                + " WHERE organisation = ? AND key_digest = ?",
            SqlReplies::row,
            organisation,
            digest);
    if (found.isEmpty()) {
      // It was released in this very moment; the client comes again.
      return new Claim.Busy();
    }
    Row row = found.get();
    if (row.reply().isEmpty() && row.claimedAt().isBefore(abandoned)) {
      tx.update(
          "UPDATE replies SET fingerprint = ?, claimed_at = ?"
              + " WHERE organisation = ? AND key_digest = ?",
          fingerprint,
          now,
          organisation,
          digest);
      return new Claim.Mine();
    }
    if (!row.fingerprint().equals(fingerprint)) {
      return new Claim.Other();
    }
    return row.reply().<Claim>map(Claim.Done::new).orElseGet(Claim.Busy::new);
  }

  @Override
  public void keep(String organisation, String key, Reply reply) {
    database.write(tx ->
        tx.update(
            "UPDATE replies SET status = ?, body = ?"
                + " WHERE organisation = ? AND key_digest = ? AND status IS NULL",
            reply.status(),
            reply.body(),
            organisation,
            Digests.of(key)));
  }

  @Override
  public void release(String organisation, String key) {
    database.write(tx ->
        tx.update(
            "DELETE FROM replies WHERE organisation = ? AND key_digest = ? AND status IS NULL",
            organisation,
            Digests.of(key)));
  }

  @Override
  public void forget(Instant until) {
    database.write(tx -> tx.update("DELETE FROM replies WHERE claimed_at < ?", until));
  }

  private static Row row(ResultSet row) throws SQLException {
    int status = row.getInt("status");
    Optional<Reply> reply =
        row.wasNull() ? Optional.empty() : Optional.of(new Reply(status, row.getString("body")));
    return new Row(
        row.getString("fingerprint"), Transaction.instant(row.getLong("claimed_at")), reply);
  }
}
