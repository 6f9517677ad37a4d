package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.access.Role;
import io.tuneplane.backend.Problem;
import io.tuneplane.model.ModelName;
import java.util.List;
import java.util.Optional;

/// Keeps callers from reading the server's disk: a model may be named by its path by an
/// administrator alone.
public final class ServerPaths {

  private ServerPaths() {}

  /// Refuses a path of anybody but an administrator.
  ///
  /// @param model what the caller named, if anything
  /// @throws RequestException if the name is a path, and the caller no administrator
  public static void refuse(Caller caller, Optional<String> model) {
    if (caller.role() != Role.ADMIN && model.filter(ModelName::isPath).isPresent()) {
      throw new RequestException(
          List.of(
              new Problem(
                  "model", "must be a model's name: a path on the server is an administrator's")));
    }
  }
}
