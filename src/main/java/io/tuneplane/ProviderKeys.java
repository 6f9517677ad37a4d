package io.tuneplane;

import io.tuneplane.access.SecretsException;
import io.tuneplane.access.Vault;
import io.tuneplane.backend.BackendException;
import java.util.Optional;

/// The providers' keys that are kept here, as backends ask for them.
record ProviderKeys(Vault vault) {

  /// The key for a place, if one is kept.
  ///
  /// @throws BackendException.Unauthorized if it can't be read: the installation's secret is
  ///   another one than it was kept under
  Optional<String> of(String place) {
    try {
      return vault.get(place);
    } catch (SecretsException e) {
      throw new BackendException.Unauthorized(
          place,
          "key",
          "the key that is kept can't be read: %s; keep it again: tuneplane keys provider set %s"
              .formatted(e.getMessage(), place));
    }
  }
}
