package io.tuneplane.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Makes keys, takes them back, and says who comes with one. Only a keyed digest of a key is kept;
/// a key is looked up by it, so how long that takes says nothing of any key. Safe for many threads.
public final class KeyRing {

  /// How long an answer of the store counts: a key that was taken back on another server is refused
  /// after this.
  static final Duration REMEMBERED_FOR = Duration.ofSeconds(1);

  /// The name of the key that the first start makes.
  static final String FIRST_NAME = "admin";

  private static final int MOST_REMEMBERED = 10_000;

  /// What stands in for a text that is no key, so that one costs the same as a wrong key.
  private static final String NO_KEY = "x".repeat(52);

  private final Keys keys;
  private final Secrets secrets;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Map<String, Seen> remembered = new ConcurrentHashMap<>();

  private record Seen(Key key, long at) {}

  /// A new key.
  ///
  /// @param key what is kept of it
  /// @param secret the key itself, which is not kept
  public record Made(Key key, String secret) {

    @Override
    public String toString() {
      return "Made[" + key.caller().keyId() + "]";
    }
  }

  /// @param random must be one that nobody can foresee
  /// @param nanos the monotonic clock
  public KeyRing(
      Keys keys, Secrets secrets, RandomGenerator random, InstantSource clock, LongSupplier nanos) {
    this.keys = keys;
    this.secrets = secrets;
    this.random = random;
    this.clock = clock;
    this.nanos = nanos;
  }

  /// Makes a key.
  public Made create(KeySpec spec) {
    Made made = draw(spec);
    keys.save(made.key());
    return made;
  }

  private Made draw(KeySpec spec) {
    String secret = KeyText.draw(random);
    Instant now = clock.instant();
    Caller caller = new Caller(id(), spec.name(), spec.organisation(), spec.role(), spec.flags());
    Key key =
        new Key(
            caller,
            secrets.digest(secret),
            KeyText.hint(secret),
            now,
            spec.lifetime().map(now::plus),
            Optional.empty());
    return new Made(key, secret);
  }

  private String id() {
    return "key-" + KeyText.draw(random).substring(KeyText.PREFIX.length(), 27);
  }

  /// Who comes with this key; empty if it is none, has expired or was taken back.
  ///
  /// @param bearer what the client sent, whatever it is
  public Optional<Caller> authenticate(String bearer) {
    boolean whole = KeyText.isWhole(bearer);
    // The same work for every text: one digest of one length, one look.
    String digest = secrets.digest(whole ? bearer : NO_KEY);
    Instant now = clock.instant();
    return key(digest).filter(key -> whole && counts(key, now)).map(Key::caller);
  }

  private Optional<Key> key(String digest) {
    long now = nanos.getAsLong();
    Seen seen = remembered.get(digest);
    if (seen != null && now - seen.at() < REMEMBERED_FOR.toNanos()) {
      return Optional.of(seen.key());
    }
    remembered.remove(digest);
    Optional<Key> found = keys.byDigest(digest);
    found.ifPresent(key -> remember(digest, new Seen(key, now)));
    return found;
  }

  private void remember(String digest, Seen seen) {
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(digest, seen);
  }

  private static boolean counts(Key key, Instant now) {
    return key.revokedAt().isEmpty() && key.expiresAt().map(now::isBefore).orElse(true);
  }

  /// Takes a key back: at once here, within a second on other servers.
  ///
  /// @return whether the organisation has such a key
  public boolean revoke(String organisation, String keyId) {
    boolean known = keys.revoke(organisation, keyId, clock.instant());
    remembered.values().removeIf(seen -> seen.key().caller().keyId().equals(keyId));
    return known;
  }

  /// An organisation's keys, newest first.
  public List<Key> list(String organisation) {
    return keys.list(organisation);
  }

  /// Makes the first administrator's key, if there is no key at all, and puts it into a file that
  /// only its owner can read. The file comes first: a crash in between leaves a key that nobody
  /// has, and the next start makes another.
  ///
  /// @param organisation whose it is
  /// @return the key, to be shown once; empty if there are keys already
  /// @throws IOException if the file can't be written
  public Optional<Made> bootstrap(Path file, String organisation) throws IOException {
    if (!keys.isEmpty()) {
      return Optional.empty();
    }
    Made made =
        draw(new KeySpec(FIRST_NAME, organisation, Role.ADMIN, new TreeSet<>(), Optional.empty()));
    PrivateFile.write(file, made.secret() + "\n");
    if (keys.saveFirst(made.key())) {
      return Optional.of(made);
    }
    // Another server of the same database was first; its key counts.
    Files.delete(file);
    return Optional.empty();
  }
}
