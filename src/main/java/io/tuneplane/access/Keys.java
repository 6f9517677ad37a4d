package io.tuneplane.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps keys. Safe for many threads and processes.
public interface Keys {

  /// Keeps a new key.
  void save(Key key);

  /// Keeps the very first key.
  ///
  /// @return whether it was the first; if there is any other, nothing was kept
  boolean saveFirst(Key key);

  /// The key with this digest, whether it counts or not.
  Optional<Key> byDigest(String digest);

  /// An organisation's keys, newest first.
  List<Key> list(String organisation);

  /// Takes a key back.
  ///
  /// @return whether the organisation has a key of this id; one that was taken back keeps its time
  boolean revoke(String organisation, String keyId, Instant now);

  /// Whether there is any key at all.
  boolean isEmpty();
}
