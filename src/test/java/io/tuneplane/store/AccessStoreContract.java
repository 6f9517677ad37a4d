package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.access.Caller;
import io.tuneplane.access.Key;
import io.tuneplane.access.KeyRing;
import io.tuneplane.access.KeySpec;
import io.tuneplane.access.Replies.Claim;
import io.tuneplane.access.Replies.Reply;
import io.tuneplane.access.Role;
import io.tuneplane.access.SealedKeys;
import io.tuneplane.access.Vault;
import io.tuneplane.job.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Keys, answers and sealed provider keys.
abstract class AccessStoreContract extends StoreContract {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aKeyComesBackAsItWas() {
    SqlKeys keys = new SqlKeys(store.database());
    Key key = key("key-a", "default", "digest-a");
    assertThat(keys.isEmpty()).isTrue();

    keys.save(key);

    assertThat(keys.isEmpty()).isFalse();
    assertThat(keys.byDigest("digest-a")).contains(key);
    assertThat(keys.byDigest("digest-b")).isEmpty();
    assertThat(keys.byDigest("' OR '1'='1")).isEmpty();
    assertThat(keys.list("default")).containsExactly(key);
    assertThat(keys.list("other")).isEmpty();
    assertThatThrownBy(() -> keys.save(key("key-b", "default", "digest-a")))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void aKeyThatWasTakenBackKeepsItsTime() {
    SqlKeys keys = new SqlKeys(store.database());
    keys.save(key("key-a", "default", "digest-a"));

    assertThat(keys.revoke("other", "key-a", NOW)).isFalse();
    assertThat(keys.revoke("default", "key-a", NOW.plusSeconds(1))).isTrue();
    assertThat(keys.revoke("default", "key-a", NOW.plusSeconds(2))).isTrue();

    assertThat(keys.byDigest("digest-a").orElseThrow().revokedAt())
        .contains(NOW.plusSeconds(1).truncatedTo(ChronoUnit.MICROS));
  }

  /// Servers that start together on an empty database make one administrator's key.
  @Test
  void thereIsOneFirstKey() throws IOException {
    List<KeyRing.Made> made = Collections.synchronizedList(new ArrayList<>());
    Race.run(
        8,
        thread ->
            ring()
                .bootstrap(dir.resolve("server" + thread).resolve("admin.key"), "default")
                .ifPresent(made::add));

    assertThat(made).hasSize(1);
    assertThat(new SqlKeys(store.database()).list("default")).hasSize(1);
    try (var files = Files.find(dir, 3, (p, a) -> p.endsWith("admin.key"))) {
      List<Path> left = files.toList();
      assertThat(left).hasSize(1);
      String key = Files.readString(left.getFirst()).strip();
      assertThat(ring().authenticate(key).orElseThrow().role()).isEqualTo(Role.ADMIN);
    }
    assertThat(ring().bootstrap(dir.resolve("late.key"), "default")).isEmpty();
    assertThat(dir.resolve("late.key")).doesNotExist();
  }

  private KeyRing ring() {
    return new KeyRing(
        new SqlKeys(store.database()),
        store.secrets(),
        new SecureRandom(),
        () -> NOW,
        System::nanoTime);
  }

  @Test
  void aRevokedKeyIsRefusedByTheOtherServerWithinASecond() {
    KeyRing here = ring();
    long[] nanos = {0};
    KeyRing there =
        new KeyRing(
            new SqlKeys(store.database()),
            store.secrets(),
            new SecureRandom(),
            () -> NOW,
            () -> nanos[0]);
    KeyRing.Made made =
        here.create(new KeySpec("ci", "default", Role.TRAINER, new TreeSet<>(), Optional.empty()));
    assertThat(there.authenticate(made.secret())).isPresent();

    here.revoke("default", made.key().caller().keyId());

    assertThat(here.authenticate(made.secret())).isEmpty();
    nanos[0] = 1_000_000_000L;
    assertThat(there.authenticate(made.secret())).isEmpty();
  }

  /// A hundred retries at once: one is carried out, and all get its answer.
  @Test
  void ofAHundredClaimsOneIsMine() {
    SqlReplies replies = new SqlReplies(store.database());
    List<Claim> claims = Collections.synchronizedList(new ArrayList<>());
    Race.run(
        20,
        thread -> {
          for (int i = 0; i < 5; i++) {
            claims.add(replies.claim("default", "k", "print", PATIENCE, NOW));
          }
        });

    assertThat(claims).hasSize(100);
    assertThat(claims).filteredOn(Claim.Mine.class::isInstance).hasSize(1);
    assertThat(claims).filteredOn(Claim.Busy.class::isInstance).hasSize(99);
    replies.keep("default", "k", new Reply(200, "{}"));
    assertThat(replies.claim("default", "k", "print", PATIENCE, NOW))
        .isEqualTo(new Claim.Done(new Reply(200, "{}")));
  }

  @Test
  void aKeyIsForOneRequestOfOneOrganisation() {
    SqlReplies replies = new SqlReplies(store.database());
    replies.claim("default", "k", "print", PATIENCE, NOW);

    assertThat(replies.claim("default", "k", "another", PATIENCE, NOW))
        .isInstanceOf(Claim.Other.class);
    assertThat(replies.claim("other", "k", "another", PATIENCE, NOW))
        .isInstanceOf(Claim.Mine.class);
  }

  @Test
  void aClaimThatNobodyFinishedIsFreeAgain() {
    SqlReplies replies = new SqlReplies(store.database());
    replies.claim("default", "k", "print", PATIENCE, NOW);

    assertThat(replies.claim("default", "k", "print", PATIENCE, NOW.plusSeconds(29)))
        .isInstanceOf(Claim.Busy.class);
    assertThat(replies.claim("default", "k", "print", PATIENCE, NOW.plusSeconds(31)))
        .isInstanceOf(Claim.Mine.class);
    replies.release("default", "k");
    assertThat(replies.claim("default", "k", "other", PATIENCE, NOW.plusSeconds(31)))
        .isInstanceOf(Claim.Mine.class);
  }

  @Test
  void anAnswerStaysAsItWasGiven() {
    SqlReplies replies = new SqlReplies(store.database());
    replies.claim("default", "k", "print", PATIENCE, NOW);
    replies.keep("default", "k", new Reply(200, "first"));
    replies.keep("default", "k", new Reply(500, "second"));
    replies.release("default", "k");

    assertThat(replies.claim("default", "k", "print", PATIENCE, NOW.plusSeconds(99)))
        .isEqualTo(new Claim.Done(new Reply(200, "first")));
  }

  @Test
  void oldAnswersAreForgotten() {
    SqlReplies replies = new SqlReplies(store.database());
    replies.claim("default", "old", "print", PATIENCE, NOW);
    replies.claim("default", "new", "print", PATIENCE, NOW.plusSeconds(9));

    replies.forget(NOW.plusSeconds(9));

    assertThat(replies.claim("default", "old", "print", PATIENCE, NOW))
        .isInstanceOf(Claim.Mine.class);
    assertThat(replies.claim("default", "new", "print", PATIENCE, NOW))
        .isInstanceOf(Claim.Busy.class);
  }

  @Test
  void anIdempotencyKeyMayBeAnything() {
    SqlReplies replies = new SqlReplies(store.database());
    for (String key : List.of("", "k".repeat(100_000), "nul\0", "'; DROP TABLE replies; --")) {
      assertThat(replies.claim("default", key, "print", PATIENCE, NOW))
          .isInstanceOf(Claim.Mine.class);
      assertThat(replies.claim("default", key, "print", PATIENCE, NOW))
          .isInstanceOf(Claim.Busy.class);
    }
  }

  @Test
  void aProviderKeyIsKeptSealed() {
    Vault vault = vault();
    vault.put("openai", "sk-old");
    vault.put("openai", "sk-canary-7f3a");
    vault.put("vertex", "another");

    assertThat(vault().get("openai")).contains("sk-canary-7f3a");
    assertThat(vault.get("none")).isEmpty();
    assertThat(vault.list()).extracting(SealedKeys.Entry::name).containsExactly("openai", "vertex");
    assertThat(vault.delete("vertex")).isTrue();
    assertThat(vault.delete("vertex")).isFalse();
    assertThat(vault.list()).hasSize(1);
    assertThatThrownBy(() -> vault.put("Open AI", "x")).hasMessageContaining("a-z0-9");
  }

  /// A sealed key that was moved to another name doesn't open there.
  @Test
  void aSealedKeyOpensUnderItsOwnNameOnly() {
    Vault vault = vault();
    vault.put("openai", "sk-one");
    store.tamper("UPDATE provider_keys SET name = 'vertex'");

    assertThatThrownBy(() -> vault.get("vertex")).hasMessageContaining("changed since");
  }

  private Vault vault() {
    return new Vault(new SqlSealedKeys(store.database()), store.secrets(), () -> NOW);
  }

  private static Key key(String id, String organisation, String digest) {
    TreeSet<String> flags = new TreeSet<>(List.of("gdpr", "hipaa"));
    return new Key(
        new Caller(id, "ci", organisation, Role.TRAINER, flags),
        digest,
        "tp-abcde",
        NOW.truncatedTo(ChronoUnit.MICROS),
        Optional.of(NOW.plusSeconds(60).truncatedTo(ChronoUnit.MICROS)),
        Optional.empty());
  }
}
