package io.tuneplane.cli;

import io.tuneplane.api.Api;
import java.lang.reflect.Proxy;

/// An [Api] with one facet, for the tests of one command. Asking for another facet is a failure.
final class PartialApi {

  private PartialApi() {}

  /// @param facet the name of the method that gives the facet
  static Api of(String facet, Object value) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(facet)) {
                return value;
              }
              if (method.getName().equals("close")) {
                return null;
              }
              throw new AssertionError("the command asked for " + method.getName());
            });
  }
}
