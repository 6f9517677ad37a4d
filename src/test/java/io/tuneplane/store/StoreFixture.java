package io.tuneplane.store;

import io.tuneplane.access.Secrets;
import io.tuneplane.config.DatabaseUrl;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

/// A data directory, its database and everything that is kept in it, for one test.
///
/// @param dir the data directory
/// @param url the PostgreSQL; empty for SQLite
record StoreFixture(Path dir, Optional<DatabaseUrl> url, Database database, Secrets secrets)
    implements AutoCloseable {

  static StoreFixture open(Path dir, Optional<DatabaseUrl> url) {
    return new StoreFixture(dir, url, Database.open(dir, url), Secrets.open(dir, Optional.empty()));
  }

  /// The same data, opened by another server.
  StoreFixture again() {
    return open(dir, url);
  }

  Path artifacts() {
    return dir.resolve("artifacts");
  }

  SqlAudit audit() {
    return SqlAudit.open(database, secrets);
  }

  SqlTunedModels models() {
    return new SqlTunedModels(database, artifacts());
  }

  SqlJobs jobs() {
    return new SqlJobs(database, audit(), models());
  }

  SqlFiles files(InstantSource clock) {
    return new SqlFiles(database, artifacts(), new Random(), clock);
  }

  /// Changes the database as somebody would who has it open beside us.
  int tamper(String sql, Object... values) {
    return database.write(tx -> tx.update(sql, values));
  }

  @Override
  public void close() {
    database.close();
  }
}
