package io.tuneplane.store;

import io.tuneplane.config.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/// A real PostgreSQL for a class of tests, as durable as one in production: the binaries come from
/// a jar, and its files go with it.
public final class PostgresServer implements AutoCloseable {

  private static final String TEMPLATE = "migrated";

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /// Starts one.
  ///
  /// @throws TestAbortedException with the reason, where the binaries don't run
  public static PostgresServer start() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              // The library switches these off, for speed.
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .start();
      PostgresServer started = new PostgresServer(server);
      started.sql("CREATE DATABASE " + TEMPLATE);
      Database.open(Path.of("."), Optional.of(started.url(TEMPLATE))).close();
      return started;
    } catch (IOException | IllegalStateException e) {
      throw new TestAbortedException("no PostgreSQL runs here: " + e, e);
    }
  }

  /// A new database with an up-to-date schema.
  public DatabaseUrl fresh() {
    String name = "test" + databases.incrementAndGet();
    sql("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return url(name);
  }

  /// The same database every time, with an up-to-date schema and no rows: quicker than a new one,
  /// for suites of many tests.
  DatabaseUrl emptied() {
    DatabaseUrl url = url(TEMPLATE);
    try (Database database = Database.open(Path.of("."), Optional.of(url))) {
      database.write(tx -> {
        // Rows go in any order while nobody watches the references between them.
        tx.update("SET LOCAL session_replication_role = replica");
        tx.list(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                    + " AND tablename <> 'schema_history'",
                row -> row.getString(1))
            .forEach(table -> tx.update("DELETE FROM " + table));
        return url;
      });
    }
    return url;
  }

  /// A new database with nothing in it.
  public DatabaseUrl empty() {
    String name = "empty" + databases.incrementAndGet();
    sql("CREATE DATABASE " + name);
    return url(name);
  }

  DatabaseUrl url(String name) {
    return DatabaseUrl.parse(
        "postgresql://postgres:postgres@localhost:" + server.getPort() + "/" + name);
  }

  void sql(String statement) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
