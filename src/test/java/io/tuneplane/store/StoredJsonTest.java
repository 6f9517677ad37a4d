package io.tuneplane.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredJsonTest {

  private record Held(Path file) {}

  @ParameterizedTest
  @ValueSource(strings = {"jobs/ftjob-1/data/train.jsonl", "/srv/data/train.jsonl", "a b/\u00e4"})
  void aPathComesBackAsItWas(String path) {
    Held held = new Held(Path.of(path));

    assertThat(StoredJson.read(StoredJson.write(held), Held.class)).isEqualTo(held);
    assertThat(StoredJson.text(held)).isEqualTo("{\"file\":\"%s\"}".formatted(path));
  }

  @Test
  void aPathThatWasKeptAsAnAddressIsReadAsWell() {
    assertThat(StoredJson.read("{\"file\":\"file:///srv/a%20b.jsonl\"}", Held.class))
        .isEqualTo(new Held(Path.of("/srv/a b.jsonl")));
  }
}
