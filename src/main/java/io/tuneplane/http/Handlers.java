package io.tuneplane.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/// The handlers by route. Every feature adds its own; each route has one.
final class Handlers {

  private final Map<Route, Handler> handlers = new EnumMap<>(Route.class);
  private final Map<Route, Supplier<Answer>> open = new EnumMap<>(Route.class);

  /// A route that somebody with a key may use.
  ///
  /// @throws IllegalStateException if it has a handler, or is open
  Handlers on(Route route, Handler handler) {
    if (route.isOpen() || handlers.putIfAbsent(route, handler) != null) {
      throw new IllegalStateException(route + " has two handlers, or is open");
    }
    return this;
  }

  /// A route that is open to whoever asks, and doesn't look at who does.
  ///
  /// @throws IllegalStateException if it has a handler, or is not open
  Handlers open(Route route, Supplier<Answer> handler) {
    if (!route.isOpen() || open.putIfAbsent(route, handler) != null) {
      throw new IllegalStateException(route + " has two handlers, or is not open");
    }
    return this;
  }

  Handler of(Route route) {
    return found(handlers.get(route), route);
  }

  Supplier<Answer> openOf(Route route) {
    return found(open.get(route), route);
  }

  /// @throws IllegalStateException if a route has no handler
  void requireAll() {
    for (Route route : Route.values()) {
      if (!handlers.containsKey(route) && !open.containsKey(route)) {
        throw new IllegalStateException(route + " has no handler");
      }
    }
  }

  private static <T> T found(@org.jspecify.annotations.Nullable T handler, Route route) {
    if (handler == null) {
      throw new IllegalStateException(route + " has no handler");
    }
    return handler;
  }
}
