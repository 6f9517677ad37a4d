package io.tuneplane.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Connections whose n-th statement or commit fails, counted from [#arm].
final class FailingStatements {

  private static final Set<String> COUNTED =
      Set.of("executeUpdate", "executeQuery", "executeBatch", "commit");

  private final DataSource source;
  private final int at;
  private final AtomicInteger count = new AtomicInteger(Integer.MIN_VALUE);

  FailingStatements(DataSource source, int at) {
    this.source = source;
    this.at = at;
  }

  void arm() {
    count.set(0);
  }

  Database database(boolean postgres) {
    DataSource failing = proxy(DataSource.class, source);
    return new Database(postgres ? Dialect.POSTGRESQL : Dialect.SQLITE, failing, failing, () -> {});
  }

  private <T> T proxy(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            FailingStatements.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> call(target, method, arguments)));
  }

  private @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (COUNTED.contains(method.getName()) && count.incrementAndGet() == at) {
      throw new SQLException("injected");
    }
    try {
      return switch (method.invoke(target, arguments)) {
        case Connection connection -> proxy(Connection.class, connection);
        case PreparedStatement statement -> proxy(PreparedStatement.class, statement);
        case null -> null;
        case Object result -> result;
      };
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
