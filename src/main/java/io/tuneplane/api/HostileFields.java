package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.Problem;
import java.util.List;
import java.util.Set;

/// Names of fields by which gateways let a client choose where a call goes, or with which key and
/// headers (CVE-2024-6587). Nobody may set those here: an unknown field is passed over, one of
/// these is refused, so that nobody believes it took effect.
public final class HostileFields {

  private static final Set<String> NAMES =
      Set.of(
          "api_base",
          "api_key",
          "api_version",
          "base_url",
          "callback_url",
          "custom_llm_provider",
          "default_headers",
          "endpoint",
          "extra_body",
          "extra_headers",
          "extra_query",
          "headers",
          "organization",
          "proxies",
          "proxy",
          "webhook",
          "webhook_url");

  private HostileFields() {}

  /// Whether a field has such a name.
  public static boolean isHostile(String name) {
    return NAMES.contains(name);
  }

  /// Refuses a body with such a field.
  ///
  /// @throws RequestException if the body has such a field at its top
  public static void refuse(JsonNode body) {
    List<Problem> problems =
        NAMES.stream()
            .sorted()
            .filter(body::has)
            .map(name ->
                new Problem(name, "can't be set by a request: the operator sets where calls go"))
            .toList();
    if (!problems.isEmpty()) {
      throw new RequestException(problems);
    }
  }
}
