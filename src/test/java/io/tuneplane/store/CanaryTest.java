package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.egress;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.access.KeyRing;
import io.tuneplane.access.KeySpec;
import io.tuneplane.access.Role;
import io.tuneplane.access.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No secret is in the clear in any byte of the data directory, but for the two files that hold
/// one.
class CanaryTest {

  @TempDir Path dir;

  @Test
  void noSecretIsInTheDatabase() throws IOException {
    List<byte[]> secrets = new ArrayList<>();
    try (StoreFixture store = StoreFixture.open(dir, Optional.empty())) {
      Vault vault = new Vault(new SqlSealedKeys(store.database()), store.secrets(), () -> NOW);
      vault.put("openai", "sk-canary-5ed1c4");
      KeyRing ring =
          new KeyRing(
              new SqlKeys(store.database()),
              store.secrets(),
              new SecureRandom(),
              () -> NOW,
              System::nanoTime);
      String admin = ring.bootstrap(dir.resolve("admin.key"), "default").orElseThrow().secret();
      String trainer =
          ring.create(new KeySpec("ci", "default", Role.TRAINER, new TreeSet<>(), Optional.empty()))
              .secret();
      store.audit().append(egress("data"));
      String secret = Files.readString(dir.resolve("secret.key")).strip();
      byte[] auditKey =
          Installation.auditKeys(store.database(), store.secrets()).getPrivate().getEncoded();
      // The last 32 bytes of the encoded key are the key.
      byte[] seed = Arrays.copyOfRange(auditKey, auditKey.length - 32, auditKey.length);
      for (String text :
          List.of(
              "sk-canary-5ed1c4",
              base64("sk-canary-5ed1c4".getBytes(StandardCharsets.UTF_8)),
              admin.substring(8),
              trainer.substring(8),
              secret,
              base64(auditKey))) {
        secrets.add(text.getBytes(StandardCharsets.UTF_8));
      }
      secrets.add(Base64.getDecoder().decode(secret));
      secrets.add(seed);
      // With the database open, so that its log is there too.
      assertNoneIn(secrets);
    }
    assertNoneIn(secrets);
  }

  private void assertNoneIn(List<byte[]> secrets) throws IOException {
    int files = 0;
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("secret.key") && !file.endsWith("admin.key")) {
          files++;
          String content = latin(Files.readAllBytes(file));
          for (byte[] secret : secrets) {
            assertThat(content.contains(latin(secret))).as("%s", file).isFalse();
          }
        }
      }
    }
    assertThat(files).isPositive();
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
