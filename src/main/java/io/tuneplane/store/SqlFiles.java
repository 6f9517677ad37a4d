package io.tuneplane.store;

import io.tuneplane.job.DataFiles;
import io.tuneplane.job.StoredFile;
import io.tuneplane.store.Artifacts.Arrived;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Files as a row each, over content that is kept once however often it was uploaded. Content goes
/// with the last row that names it; both ways run under one lock, so that an upload never meets a
/// deletion of the same bytes. Safe for many threads and processes.
public final class SqlFiles implements DataFiles {

  /// How long content may lie without a row before [#sweep] takes it for something that a crash
  /// left.
  static final Duration GRACE = Duration.ofHours(1);

  private static final String COLUMNS =
      "id, organisation, filename, purpose, bytes, sha256, created_at";

  private final Database database;
  private final Artifacts artifacts;
  private final RandomGenerator random;
  private final InstantSource clock;

  /// @param artifacts the folder for content; servers that share a database share it too
  /// @param random draws ids
  public SqlFiles(Database database, Path artifacts, RandomGenerator random, InstantSource clock) {
    this.database = database;
    this.artifacts = new Artifacts(artifacts);
    this.random = random;
    this.clock = clock;
  }

  @Override
  public StoredFile keep(String organisation, String filename, String purpose, InputStream content)
      throws IOException {
    Arrived arrived = artifacts.receive(content);
    try {
      StoredFile file =
          new StoredFile(
              Ids.draw("file-", random),
              organisation,
              filename,
              purpose,
              arrived.bytes(),
              arrived.sha256(),
              clock.instant());
      database.<StoredFile, IOException>write(tx -> {
        tx.lock(arrived.sha256());
        artifacts.place(arrived);
        insert(tx, file);
        return file;
      });
      return file;
    } catch (IOException | RuntimeException e) {
      collectAfter(e, arrived.sha256());
      throw e;
    } finally {
      artifacts.discard(arrived);
    }
  }

  // Content whose row was refused; if it can't be removed now, the sweep will.
  private void collectAfter(Exception cause, String sha256) {
    try {
      collect(sha256);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static void insert(Transaction tx, StoredFile file) {
    tx.update(
        "INSERT INTO files (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)",
        file.id(),
        file.organisation(),
        file.filename(),
        file.purpose(),
        file.bytes(),
        file.sha256(),
        file.createdAt());
  }

  @Override
  public Optional<StoredFile> find(String organisation, String id) {
    return database.read(tx ->
        tx.first(
            "SELECT " + COLUMNS + " FROM files WHERE id = ? AND organisation = ?",
            SqlFiles::file,
            id,
            organisation));
  }

  @Override
  public List<StoredFile> list(
      String organisation, Optional<String> after, Optional<String> purpose, int limit) {
    return database.read(tx -> {
      Page page =
          Page.after(
              tx,
              "SELECT created_at, id FROM files WHERE id = ? AND organisation = ?",
              after,
              organisation);
      return tx.list(
          "SELECT "
              + COLUMNS
              + " FROM files WHERE organisation = ? AND (created_at, id) < (?, ?)"
              + " AND (CAST(? AS TEXT) IS NULL OR purpose = ?)"
              + " ORDER BY created_at DESC, id DESC LIMIT ?",
          SqlFiles::file,
          organisation,
          page.number(),
          page.id(),
          purpose.orElse(null),
          purpose.orElse(null),
          limit);
    });
  }

  @Override
  public boolean delete(String organisation, String id) {
    Optional<StoredFile> file = find(organisation, id);
    if (file.isEmpty()) {
      return false;
    }
    int rows =
        database.write(tx ->
            tx.update("DELETE FROM files WHERE id = ? AND organisation = ?", id, organisation));
    // After the row is gone for good: a crash in between leaves content that the sweep finds.
    collect(file.get().sha256());
    return rows > 0;
  }

  private void collect(String sha256) {
    database.write(tx -> {
      tx.lock(sha256);
      if (tx.first("SELECT id FROM files WHERE sha256 = ?", row -> true, sha256).isEmpty()) {
        remove(sha256);
      }
      return sha256;
    });
  }

  private void remove(String sha256) {
    try {
      artifacts.delete(sha256);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("content can't be removed: " + e.getMessage(), e);
    }
  }

  @Override
  public Path content(StoredFile file) throws IOException {
    return artifacts.checked(file.sha256());
  }

  /// Removes what crashes left: half-written content, and content that no row names. Called at
  /// start, and once a day or so.
  ///
  /// @throws IOException if the folder can't be read or changed
  public void sweep() throws IOException {
    Instant before = clock.instant().minus(GRACE);
    artifacts.removeLeftBefore(before);
    artifacts.placedBefore(before).forEach(this::collect);
  }

  private static StoredFile file(ResultSet row) throws SQLException {
    return new StoredFile(
        row.getString("id"),
        row.getString("organisation"),
        row.getString("filename"),
        row.getString("purpose"),
        row.getLong("bytes"),
        row.getString("sha256"),
        Transaction.instant(row.getLong("created_at")));
  }
}
