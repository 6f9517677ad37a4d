package io.tuneplane.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {

  @TempDir Path dir;
  private final KeysInMemory keys = new KeysInMemory();
  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private long nanos;
  private KeyRing ring;

  @BeforeEach
  void makeRing() {
    ring =
        new KeyRing(
            keys, Secrets.open(dir, Optional.empty()), new SecureRandom(), () -> now, () -> nanos);
  }

  @Test
  void aKeySaysWhoComes() {
    KeyRing.Made made = ring.create(spec(Optional.empty()));

    assertThat(made.secret()).matches("tp-[0-9A-Za-z]{49}");
    Caller caller = ring.authenticate(made.secret()).orElseThrow();
    assertThat(caller).isEqualTo(made.key().caller());
    assertThat(caller.keyId()).matches("key-[0-9A-Za-z]{24}");
    assertThat(caller.flags()).containsExactly("hipaa");
  }

  @Test
  void theKeyItselfIsNotKept() {
    KeyRing.Made made = ring.create(spec(Optional.empty()));

    assertThat(keys.all.getFirst().toString()).doesNotContain(made.secret().substring(8));
    assertThat(made.key().digest()).matches("[0-9a-f]{64}");
    assertThat(made.key().hint()).isEqualTo(made.secret().substring(0, 8));
    assertThat(made.toString()).doesNotContain(made.secret());
  }

  /// One digest of one length and one look for every text, so that none answers faster.
  @Test
  void whateverIsNoKeyIsRefusedWithTheSameWork() {
    String good = ring.create(spec(Optional.empty())).secret();
    String otherEnd = good.substring(0, 51) + (good.endsWith("a") ? "b" : "a");
    List<String> wrong =
        List.of(
            "",
            "' OR '1'='1",
            "tp-",
            good.substring(0, 51),
            good + "x",
            otherEnd,
            good.toLowerCase(java.util.Locale.ROOT),
            KeyText.draw(new SecureRandom()),
            "tp-\u00e9" + good.substring(4),
            "nul\0",
            "x".repeat(1 << 20));
    for (String text : wrong) {
      keys.looks = 0;
      assertThat(ring.authenticate(text)).as("%.30s", text).isEmpty();
      assertThat(keys.looks).as("%.30s", text).isEqualTo(1);
      assertThat(keys.lastDigest).matches("[0-9a-f]{64}");
    }
  }

  @Test
  void aKeyThatExpiredIsRefused() {
    KeyRing.Made made = ring.create(spec(Optional.of(Duration.ofMinutes(5))));
    now = now.plusSeconds(299);
    assertThat(ring.authenticate(made.secret())).isPresent();

    // At the instant itself, and although the answer is remembered.
    now = now.plusSeconds(1);
    assertThat(ring.authenticate(made.secret())).isEmpty();
  }

  @Test
  void aKeyThatWasTakenBackIsRefusedAtOnce() {
    KeyRing.Made made = ring.create(spec(Optional.empty()));
    assertThat(ring.authenticate(made.secret())).isPresent();

    assertThat(ring.revoke("other", made.key().caller().keyId())).isFalse();
    assertThat(ring.authenticate(made.secret())).isPresent();
    assertThat(ring.revoke("default", made.key().caller().keyId())).isTrue();
    assertThat(ring.authenticate(made.secret())).isEmpty();
  }

  @Test
  void anAnswerIsRememberedForASecond() {
    KeyRing.Made made = ring.create(spec(Optional.empty()));
    ring.authenticate(made.secret());
    keys.looks = 0;
    nanos = 999_999_999;
    ring.authenticate(made.secret());
    assertThat(keys.looks).isZero();

    // Another server takes it back.
    keys.revoke("default", made.key().caller().keyId(), now);
    nanos = 1_000_000_000;
    assertThat(ring.authenticate(made.secret())).isEmpty();
  }

  @Test
  void theFirstStartMakesTheAdministratorsKey() throws IOException {
    Path file = dir.resolve("admin.key");

    KeyRing.Made made = ring.bootstrap(file, "default").orElseThrow();

    assertThat(Files.readString(file)).isEqualTo(made.secret() + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(ring.authenticate(made.secret()).orElseThrow().role()).isEqualTo(Role.ADMIN);
    assertThat(ring.bootstrap(file, "default")).isEmpty();
    assertThat(file).hasContent(made.secret() + "\n");
  }

  /// A crash between the file and the row: the next start makes another.
  @Test
  void aFirstStartThatBrokeOffIsMadeGood() throws IOException {
    Path file = Files.writeString(dir.resolve("admin.key"), "tp-of-a-crash\n");

    KeyRing.Made made = ring.bootstrap(file, "default").orElseThrow();

    assertThat(Files.readString(file)).isEqualTo(made.secret() + "\n");
  }

  @Test
  void aKeyThatCanNotBeIsRefused() {
    assertThatThrownBy(() -> named("")).hasMessageContaining("1 to 64");
    assertThatThrownBy(() -> named("a".repeat(65))).hasMessageContaining("1 to 64");
    assertThatThrownBy(() -> named("line\nbreak")).hasMessageContaining("printable");
    assertThatThrownBy(
            () -> new KeySpec("ci", "../x", Role.VIEWER, new TreeSet<>(), Optional.empty()))
        .hasMessageContaining("organisation");
    assertThatThrownBy(() -> spec(Optional.of(Duration.ZERO))).hasMessageContaining("expire");
  }

  private static KeySpec named(String name) {
    return new KeySpec(name, "default", Role.VIEWER, new TreeSet<>(), Optional.empty());
  }

  private static KeySpec spec(Optional<Duration> lifetime) {
    return new KeySpec("ci", "default", Role.TRAINER, new TreeSet<>(List.of("hipaa")), lifetime);
  }

  private static final class KeysInMemory implements Keys {

    private final List<Key> all = new ArrayList<>();
    private int looks;
    private String lastDigest = "";

    @Override
    public void save(Key key) {
      all.add(key);
    }

    @Override
    public boolean saveFirst(Key key) {
      return all.isEmpty() && all.add(key);
    }

    @Override
    public Optional<Key> byDigest(String digest) {
      looks++;
      lastDigest = digest;
      return all.stream().filter(key -> key.digest().equals(digest)).findFirst();
    }

    @Override
    public List<Key> list(String organisation) {
      return all.stream().filter(k -> k.caller().organisation().equals(organisation)).toList();
    }

    @Override
    public boolean revoke(String organisation, String keyId, Instant at) {
      Optional<Key> found =
          list(organisation).stream().filter(k -> k.caller().keyId().equals(keyId)).findFirst();
      found.ifPresent(key ->
          all.set(
              all.indexOf(key),
              new Key(
                  key.caller(),
                  key.digest(),
                  key.hint(),
                  key.createdAt(),
                  key.expiresAt(),
                  Optional.of(at))));
      return found.isPresent();
    }

    @Override
    public boolean isEmpty() {
      return all.isEmpty();
    }
  }
}
