package io.tuneplane.cli;

import io.tuneplane.api.Api;
import java.lang.reflect.Proxy;
import java.util.Map;

/// An [Api] with some facets, for the tests of one command. Asking for another one is a failure.
final class PartialApi {

  private PartialApi() {}

  /// @param facets by the name of the method that gives them
  static Api of(Map<String, Object> facets) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (proxy, method, arguments) -> {
              Object facet = facets.get(method.getName());
              if (facet != null) {
                return facet;
              }
              if (method.getName().equals("close")) {
                return null;
              }
              throw new AssertionError("the command asked for " + method.getName());
            });
  }
}
