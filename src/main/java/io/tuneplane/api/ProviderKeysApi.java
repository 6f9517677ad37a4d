package io.tuneplane.api;

import java.util.List;

/// The keys that providers gave the installation. They can be kept, named and forgotten; nobody is
/// shown one again.
public interface ProviderKeysApi {

  /// A key as it is listed.
  ///
  /// @param name the place it is for, such as `openai`
  /// @param storedAt Unix seconds
  /// @param used whether it is the one that is sent; not where the settings hold one, which comes
  ///   first
  record Card(String name, long storedAt, boolean used) {}

  /// Keeps a key, encrypted, in the place of an older one. It counts from the next call on.
  ///
  /// @throws RequestException if no place of that name takes a key, or the key can't be one
  Card put(String name, String key);

  /// What is kept, by name.
  List<Card> list();

  /// Forgets a key.
  ///
  /// @throws NotFoundException if there is none
  void remove(String name);
}
