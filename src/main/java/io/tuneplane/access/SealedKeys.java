package io.tuneplane.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps sealed provider keys. Safe for many threads and processes.
public interface SealedKeys {

  /// What is listed.
  ///
  /// @param storedAt when it was kept
  record Entry(String name, Instant storedAt) {}

  /// Keeps one, in the place of one of the same name.
  void put(String name, byte[] sealed, Instant now);

  /// One of them.
  Optional<byte[]> get(String name);

  /// All of them, by name.
  List<Entry> list();

  /// Forgets one.
  ///
  /// @return whether there was one
  boolean delete(String name);
}
