package io.tuneplane.store;

import com.zaxxer.hikari.HikariDataSource;
import io.tuneplane.config.DatabaseUrl;
import io.tuneplane.job.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;

/// The database: SQLite in the data directory, or a PostgreSQL that several servers share. What a
/// transaction that returned has written would survive a power cut. Safe for many threads.
public final class Database implements AutoCloseable {

  private final Dialect dialect;
  private final DataSource writer;
  private final DataSource reader;
  private final InstantSource clock;
  private final Runnable closing;

  Database(Dialect dialect, DataSource writer, DataSource reader, Runnable closing) {
    this.dialect = dialect;
    this.writer = writer;
    this.reader = reader;
    this.closing = closing;
    this.clock =
        new DatabaseClock(() -> askTime(), System::nanoTime, dialect == Dialect.POSTGRESQL);
  }

  /// Opens the database and brings its schema up to date.
  ///
  /// @param dataDir the data directory, made where it is missing
  /// @param url a PostgreSQL; empty for SQLite
  /// @throws StorageException if that can't be done, saying what to do
  public static Database open(Path dataDir, Optional<DatabaseUrl> url) {
    return url.map(Connections::postgres).orElseGet(() -> Connections.sqlite(dataDir));
  }

  /// Work in a transaction.
  interface Work<T, X extends Exception> {
    T in(Transaction transaction) throws X;
  }

  /// Runs a transaction that may write: kept whole when this returns, not at all when it throws.
  /// Never call it from within another one.
  <T, X extends Exception> T write(Work<T, X> work) throws X {
    try (Connection connection = writer.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(new Transaction(connection, dialect));
        connection.commit();
        return result;
      } catch (Throwable e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw SqlErrors.of(e);
    }
  }

  private void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // SQLite rolls back by itself where the disk is full, and the driver does not notice: its
      // connection is of no use any more. Nothing of the transaction is kept either way.
      cause.addSuppressed(e);
      if (writer instanceof HikariDataSource pool) {
        pool.evictConnection(connection);
      }
    }
  }

  /// Runs queries, each of which sees everything that was kept before it.
  <T> T read(Work<T, RuntimeException> work) {
    try (Connection connection = reader.getConnection()) {
      return work.in(new Transaction(connection, dialect));
    } catch (SQLException e) {
      throw SqlErrors.of(e);
    }
  }

  /// Connections for the scheduler, which keeps its timers in the same database.
  public DataSource connections() {
    return writer;
  }

  /// The database's time, carried on by this machine's monotonic clock: setting this machine's
  /// clock doesn't move it, and all servers of one database agree on it.
  public InstantSource clock() {
    return clock;
  }

  /// Whether several servers may share it.
  public boolean isShared() {
    return dialect == Dialect.POSTGRESQL;
  }

  /// Asks the database for an answer.
  ///
  /// @throws StorageException if none comes
  public void ping() {
    askTime();
  }

  private java.time.Instant askTime() {
    return read(
        tx -> tx.first(dialect.now(), row -> Transaction.instant(row.getLong(1))).orElseThrow());
  }

  /// Closes all connections.
  @Override
  public void close() {
    closing.run();
  }
}
