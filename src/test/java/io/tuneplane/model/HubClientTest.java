package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubClientTest {

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "https://hub.example/a, https://cdn.example/b, https://cdn.example/b",
    "https://hub.example/a/b, /c?d=e, https://hub.example/c?d=e",
    "http://hub.example/a, https://cdn.example/b, https://cdn.example/b"
  })
  void redirectsAreFollowed(URI from, String location, URI to) {
    assertThat(HubClient.redirected(from, location)).isEqualTo(to);
  }

  @ParameterizedTest
  @CsvSource({
    "https://hub.example/a, http://hub.example/a",
    "https://hub.example/a, file:///etc/passwd",
    "https://hub.example/a, 'ht tp://x'"
  })
  void redirectsThatLoseEncryptionAreNot(URI from, String location) {
    assertThatThrownBy(() -> HubClient.redirected(from, location))
        .isInstanceOf(ModelException.class);
  }

  @Test
  void aTransferThatStallsIsBrokenOffAndGivenUp() throws IOException {
    Path original = TinyLlama.seeded(1).writeFolder(temp.resolve("original"));
    try (FakeHub hub = new FakeHub("a/b", original)) {
      hub.stalls();
      HubSource source =
          new HubSource(
              new Settings.Hub(hub.endpoint(), Optional.empty(), false, Optional.empty()),
              new Download.Waits(_ -> {}, Duration.ofMillis(100)));
      Path into = Files.createDirectory(temp.resolve("into"));
      assertThatThrownBy(
              () -> source.fetch(new ModelName.OnHub("a/b"), into, FetchListener.silent()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("in a row");
    }
  }
}
