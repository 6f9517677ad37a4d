package io.tuneplane.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

  @TempDir Path dir;

  @Test
  void theFirstStartMakesASecretThatOnlyItsOwnerReads() throws IOException {
    Secrets first = Secrets.open(dir, Optional.empty());
    Path file = dir.resolve(Secrets.FILE);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
    assertThat(Secrets.open(dir, Optional.empty()).digest("x")).isEqualTo(first.digest("x"));
    try (var files = Files.list(dir)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void twoInstallationsShareNothing() {
    Secrets here = Secrets.open(dir.resolve("a"), Optional.empty());
    Secrets there = Secrets.open(dir.resolve("b"), Optional.empty());

    assertThat(here.digest("x")).matches("[0-9a-f]{64}").isNotEqualTo(there.digest("x"));
    byte[] sealed = here.seal("name", "text".getBytes(UTF_8));
    assertThatThrownBy(() -> there.open("name", sealed))
        .isInstanceOf(SecretsException.class)
        .hasMessageContaining("another secret");
  }

  @Test
  void whatIsSealedOpensAsItWasAndNeverLooksTheSame() {
    Secrets secrets = Secrets.open(dir, Optional.empty());
    byte[] one = secrets.seal("name", "text".getBytes(UTF_8));
    byte[] two = secrets.seal("name", "text".getBytes(UTF_8));

    assertThat(one).isNotEqualTo(two);
    assertThat(secrets.open("name", one)).asString().isEqualTo("text");
    assertThat(secrets.open("name", two)).asString().isEqualTo("text");
    assertThat(secrets.open("empty", secrets.seal("empty", new byte[0]))).isEmpty();
    assertThatThrownBy(() -> secrets.open("other", one)).isInstanceOf(SecretsException.class);
  }

  @Test
  void aByteThatWasChangedOpensNothing() {
    Secrets secrets = Secrets.open(dir, Optional.empty());
    byte[] sealed = secrets.seal("name", "text".getBytes(UTF_8));
    for (int at = 0; at < sealed.length; at++) {
      byte[] changed = sealed.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> secrets.open("name", changed)).isInstanceOf(SecretsException.class);
    }
    assertThatThrownBy(() -> secrets.open("name", new byte[3])).hasMessageContaining("not sealed");
  }

  @Test
  void aNamedFileMustBeThere() {
    Path named = dir.resolve("shared.key");

    assertThatThrownBy(() -> Secrets.open(dir, Optional.of(named)))
        .isInstanceOf(SecretsException.class)
        .hasMessageContaining(named.toString())
        .hasMessageContaining("head -c 32 /dev/urandom | base64");
    assertThat(named).doesNotExist();
  }

  @Test
  void aFileThatIsNoSecretIsRefusedWithoutBeingQuoted() throws IOException {
    Path file = Files.writeString(dir.resolve(Secrets.FILE), "correct horse battery staple");
    assertThatThrownBy(() -> Secrets.open(dir, Optional.empty()))
        .isInstanceOf(SecretsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("horse")
        .hasNoCause();
    Files.writeString(file, Base64.getEncoder().encodeToString(new byte[16]));
    assertThatThrownBy(() -> Secrets.open(dir, Optional.empty())).hasMessageContaining("32 bytes");
  }
}
