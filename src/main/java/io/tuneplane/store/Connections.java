package io.tuneplane.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tuneplane.config.DatabaseUrl;
import io.tuneplane.job.StorageException;
import io.tuneplane.job.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// Opens either database: durable, migrated, pooled.
final class Connections {

  /// The name of the SQLite file in the data directory.
  static final String FILE = "tuneplane.db";

  private static final Duration BUSY = Duration.ofSeconds(10);
  private static final int READERS = 4;

  /// What an empty database takes, and a little more.
  private static final long LEAST_SPACE = 1 << 20;

  private static final int POSTGRES_CONNECTIONS = 16;

  /// A server that stops in the middle of a transaction (paused, or cut off) must not keep the
  /// others waiting for its locks.
  private static final String POSTGRES_OPTIONS =
      "-c idle_in_transaction_session_timeout=10s -c lock_timeout=30s";

  private Connections() {}

  /// One connection that writes, and a few that read beside it (WAL).
  static Database sqlite(Path dataDir) {
    Path file = folder(dataDir).resolve(FILE);
    migrateSqlite(dataDir, file);
    HikariDataSource writer = pool(source(file, SQLiteConfig.TransactionMode.IMMEDIATE), 1);
    HikariDataSource reader = pool(source(file, SQLiteConfig.TransactionMode.DEFERRED), READERS);
    return new Database(
        Dialect.SQLITE,
        writer,
        reader,
        () -> {
          reader.close();
          writer.close();
        });
  }

  static Database postgres(DatabaseUrl url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url.jdbc());
    url.user().ifPresent(source::setUser);
    url.password().ifPresent(source::setPassword);
    source.setApplicationName("tuneplane");
    source.setOptions(POSTGRES_OPTIONS);
    source.setTcpKeepAlive(true);
    source.setReWriteBatchedInserts(true);
    // Its details repeat the values of rows.
    source.setLogServerErrorDetail(false);
    migrate(Dialect.POSTGRESQL, source, url.toString());
    HikariDataSource pool = pool(source, POSTGRES_CONNECTIONS);
    return new Database(Dialect.POSTGRESQL, pool, pool, pool::close);
  }

  private static void migrateSqlite(Path dataDir, Path file) {
    try {
      migrate(
          Dialect.SQLITE,
          source(file, SQLiteConfig.TransactionMode.IMMEDIATE),
          file.toAbsolutePath().toString());
    } catch (StorageException e) {
      // SQLite ends a transaction that finds no room by itself, and what the migration says then is
      // that there is none.
      throw e.kind() == Kind.BROKEN && isFull(dataDir)
          ? new StorageException(
              Kind.FULL, file + ": the disk of the database is full: free some space", e)
          : e;
    }
  }

  private static boolean isFull(Path dataDir) {
    try {
      return Files.getFileStore(dataDir).getUsableSpace() < LEAST_SPACE;
    } catch (IOException _) {
      return false; // then it is another trouble
    }
  }

  private static void migrate(Dialect dialect, DataSource source, String where) {
    try {
      Migrations.run(dialect, source);
    } catch (StorageException e) {
      throw new StorageException(e.kind(), where + ": " + e.getMessage(), e);
    }
  }

  private static Path folder(Path dataDir) {
    try {
      return Files.createDirectories(dataDir);
    } catch (IOException e) {
      throw new StorageException(
          Kind.BROKEN,
          "the data directory " + dataDir + " can't be made: " + e + "; name another (--data-dir)",
          e);
    }
  }

  private static DataSource source(Path file, SQLiteConfig.TransactionMode mode) {
    SQLiteConfig config = new SQLiteConfig(new Properties());
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(Math.toIntExact(BUSY.toMillis()));
    config.enforceForeignKeys(true);
    config.setTransactionMode(mode);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private static HikariDataSource pool(DataSource source, int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(BUSY.toMillis());
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }
}
