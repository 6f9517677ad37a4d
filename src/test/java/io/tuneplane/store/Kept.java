package io.tuneplane.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// What a server keeps in a data directory, for tests of other packages.
public final class Kept implements AutoCloseable {

  private final StoreFixture store;
  private final InstantSource clock;

  private Kept(StoreFixture store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /// Opens a data directory over SQLite.
  public static Kept in(Path dir, InstantSource clock) {
    return new Kept(StoreFixture.open(dir, Optional.empty()), clock);
  }

  /// The audit log.
  public SqlAudit audit() {
    return store.audit();
  }

  /// Uploaded files.
  public SqlFiles files() {
    return store.files(clock);
  }

  /// Decisions.
  public SqlDecisions decisions() {
    return new SqlDecisions(store.database());
  }

  /// Changes the database as somebody would who has it open beside us.
  public int tamper(String sql, Object... values) {
    return store.tamper(sql, values);
  }

  @Override
  public void close() {
    store.close();
  }
}
