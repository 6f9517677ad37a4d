package io.tuneplane.backend.openai;

import java.util.Optional;

/// Where the API key comes from. Asked for every call, so that a key can be changed while jobs run.
@FunctionalInterface
public interface KeySource {

  /// The key, if there is one.
  ///
  /// @throws io.tuneplane.backend.BackendException.Unauthorized if there is one that can't be read
  Optional<String> key();
}
