package io.tuneplane.store;

import io.tuneplane.job.StorageException;
import io.tuneplane.job.StorageException.Kind;
import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/// Brings a database's schema up to date.
final class Migrations {

  private Migrations() {}

  /// @param source unpooled: Flyway takes more than one connection
  static void run(Dialect dialect, DataSource source) {
    try {
      source.getConnection().close();
      Flyway flyway =
          Flyway.configure()
              .dataSource(source)
              .locations("classpath:io/tuneplane/store/migrations")
              .table("schema_history")
              .placeholders(dialect.types())
              .load();
      refuseNewer(flyway);
      flyway.migrate();
    } catch (SQLException e) {
      throw SqlErrors.of(e);
    } catch (FlywayException e) {
      throw failed(e);
    }
  }

  private static void refuseNewer(Flyway flyway) {
    boolean newer =
        Arrays.stream(flyway.info().applied())
            .map(MigrationInfo::getState)
            .anyMatch(state ->
                state == MigrationState.FUTURE_SUCCESS || state == MigrationState.FUTURE_FAILED);
    if (newer) {
      throw new StorageException(
          Kind.BROKEN,
          "the database was made by a newer version of Tuneplane: use that version, or put back a"
              + " backup that was made before the upgrade");
    }
  }

  private static StorageException failed(FlywayException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return SqlErrors.of(sql);
      }
    }
    return new StorageException(
        Kind.BROKEN, "the database's schema is not as it was left: " + error.getMessage(), error);
  }
}
