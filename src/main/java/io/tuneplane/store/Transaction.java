package io.tuneplane.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The statements of one transaction. Values are always bound, never part of the text. For one
/// thread, until the work that it was given to returns.
final class Transaction {

  private final Connection connection;
  private final Dialect dialect;

  Transaction(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /// Reads one row.
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Changes rows.
  ///
  /// @return how many
  int update(String sql, @Nullable Object... values) {
    try (PreparedStatement statement = bound(sql, values)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw SqlErrors.of(e);
    }
  }

  /// Runs one statement for many rows of values.
  void batch(String sql, List<@Nullable Object[]> rows) {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (@Nullable Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw SqlErrors.of(e);
    }
  }

  /// All rows of a query.
  <T> List<T> list(String sql, Row<T> row, @Nullable Object... values) {
    try (PreparedStatement statement = bound(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(row.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw SqlErrors.of(e);
    }
  }

  /// The first row of a query.
  <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... values) {
    return list(sql, row, values).stream().findFirst();
  }

  /// The first row of a query, which nobody else can change until the transaction ends.
  <T> Optional<T> firstForUpdate(String sql, Row<T> row, @Nullable Object... values) {
    return first(sql + dialect.forUpdate(), row, values);
  }

  /// Keeps everybody else who asks for the same name waiting until the transaction ends.
  void lock(String name) {
    switch (dialect) {
      case SQLITE -> {
        // A transaction that writes has the database to itself.
      }
      case POSTGRESQL ->
          list("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", row -> 0, name);
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object[] values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      bind(statement, values);
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, plain(values[i]));
    }
  }

  // PostgreSQL has no text with a NUL: such a text is kept with U+FFFD, and so never equals
  // another.
  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case Instant instant -> micros(instant);
      case String text -> text.replace('\0', '\uFFFD');
      case null, default -> value;
    };
  }

  /// An instant as it is stored.
  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /// A stored instant.
  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /// An instant that may be missing.
  static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(instant(micros));
  }
}
