package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.access.Key;
import io.tuneplane.access.KeyRing;
import io.tuneplane.access.KeySpec;
import io.tuneplane.access.Role;
import io.tuneplane.backend.Problem;
import io.tuneplane.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The keys of a caller's organisation. Safe for many threads.
public final class InProcessKeys implements KeysApi {

  private final Caller caller;
  private final KeyRing keys;
  private final InstantSource clock;

  /// @param caller an administrator
  public InProcessKeys(Caller caller, KeyRing keys, InstantSource clock) {
    this.caller = caller;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Made create(Wanted wanted) {
    String organisation = wanted.organisation().orElse(caller.organisation());
    if (!organisation.equals(caller.organisation())
        && !caller.organisation().equals(Settings.DEFAULT_ORGANISATION)) {
      throw wrong("organisation", "must be your own, " + caller.organisation());
    }
    KeyRing.Made made = keys.create(spec(wanted, organisation));
    return new Made(
        made.key().caller().keyId(),
        made.secret(),
        made.key().caller().role().wireName(),
        made.key().expiresAt().map(Instant::getEpochSecond));
  }

  private static KeySpec spec(Wanted wanted, String organisation) {
    try {
      return new KeySpec(
          wanted.name(),
          organisation,
          role(wanted.role()),
          wanted.flags(),
          wanted.expiresInSeconds().map(Duration::ofSeconds));
    } catch (IllegalArgumentException e) {
      throw wrong("key", String.valueOf(e.getMessage()));
    }
  }

  private static Role role(String name) {
    return Arrays.stream(Role.values())
        .filter(role -> role.wireName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            wrong("role", "must be admin, trainer, caller or viewer, not " + Words.quoted(name)));
  }

  @Override
  public List<Card> list() {
    Instant now = clock.instant();
    return keys.list(caller.organisation()).stream().map(key -> card(key, now)).toList();
  }

  private static Card card(Key key, Instant now) {
    Caller holder = key.caller();
    return new Card(
        holder.keyId(),
        holder.name(),
        holder.role().wireName(),
        holder.organisation(),
        List.copyOf(holder.flags()),
        key.hint(),
        state(key, now),
        key.createdAt().getEpochSecond(),
        key.expiresAt().map(Instant::getEpochSecond));
  }

  private static String state(Key key, Instant now) {
    Optional<Instant> end = key.expiresAt().filter(at -> !now.isBefore(at));
    return key.revokedAt().isPresent() ? "revoked" : end.isPresent() ? "expired" : "active";
  }

  @Override
  public void revoke(String id) {
    if (!keys.revoke(caller.organisation(), id)) {
      throw new NotFoundException("key", id);
    }
  }

  private static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }
}
