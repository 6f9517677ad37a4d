package io.tuneplane.api;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// The keys of an organisation.
public interface KeysApi {

  /// A new key, in clear: shown once.
  ///
  /// @param key the key itself
  /// @param expiresAt Unix seconds; absent for a key that does not expire
  record Made(String id, String key, String role, Optional<Long> expiresAt) {}

  /// A key as it is listed.
  ///
  /// @param hint its first characters
  /// @param state `active`, `expired` or `revoked`
  record Card(
      String id,
      String name,
      String role,
      String organisation,
      List<String> flags,
      String hint,
      String state,
      long createdAt,
      Optional<Long> expiresAt) {}

  /// What a new key shall be.
  ///
  /// @param role `admin`, `trainer`, `caller` or `viewer`
  /// @param flags what all data that comes with it is treated as
  /// @param expiresInSeconds absent for a key that does not expire
  /// @param organisation whose it is; absent for the caller's own. An administrator of the
  ///   organisation `default` may make keys of another one
  record Wanted(
      String name,
      String role,
      SortedSet<String> flags,
      Optional<Long> expiresInSeconds,
      Optional<String> organisation) {}

  /// Makes a key.
  ///
  /// @throws RequestException naming the field that is wrong
  Made create(Wanted wanted);

  /// All keys of the organisation, newest first.
  List<Card> list();

  /// Takes a key back, at once.
  ///
  /// @throws NotFoundException if there is none
  void revoke(String id);
}
