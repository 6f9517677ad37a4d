package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.access.SealedKeys;
import io.tuneplane.access.Secrets;
import io.tuneplane.access.Vault;
import io.tuneplane.api.Json;
import io.tuneplane.backend.openai.FakeOpenAi;
import io.tuneplane.backend.openai.OpenAiSettings;
import io.tuneplane.backend.openai.OpenAiTraining;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.job.Places;
import io.tuneplane.job.PriceBookLibrary;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The keys that providers gave, kept by a whole server and used by its backend.
@Timeout(60)
class ProviderKeysTest {

  private static final String MODEL = "gpt-4o-mini-2024-07-18";

  @TempDir Path dir;
  private FakeOpenAi host;
  private ServerFixture server;

  @BeforeEach
  void start() throws IOException {
    host = new FakeOpenAi(Instant.now());
    server = new ServerFixture(dir, (_, kept) -> places(kept));
  }

  private Backends places(ProviderKeys kept) {
    OpenAiSettings settings =
        new OpenAiSettings(
            host.url(),
            Optional.empty(),
            Optional.empty(),
            List.of(MODEL),
            Set.of(InetAddress.getLoopbackAddress()),
            Duration.ofMinutes(10),
            dir.resolve("data").resolve("openai"));
    OpenAiTraining openai =
        new OpenAiTraining(
            settings, () -> kept.of("openai"), ProviderKeysTest::book, InstantSource.system());
    return new Backends(new Places(List.of(openai), List.of()), List.of(), _ -> new TreeMap<>());
  }

  private static PriceBook book() {
    return new PriceBookLibrary(Optional.empty(), Optional.empty())
        .book(PriceBookLibrary.TODAY, LocalDate.parse("2026-11-25"));
  }

  @AfterEach
  void stop() {
    server.close();
    host.close();
  }

  private ServerFixture.Ran set(String key) {
    return server.run(server.key(), key + "\n", new String[] {"keys", "provider", "set", "openai"});
  }

  private String state() throws IOException {
    for (JsonNode place : Json.mapper().readTree(server.run("backends", "-o", "json").out())) {
      if (place.path("name").asText().equals("openai")) {
        return place.path("state").asText() + ": " + place.path("detail").asText();
      }
    }
    throw new AssertionError("there is no openai");
  }

  @Test
  void aKeyCountsFromWhenItIsKeptUntilItIsForgotten() throws IOException {
    assertThat(state()).contains("tuneplane keys provider set openai");

    ServerFixture.Ran kept = set(FakeOpenAi.KEY);
    assertThat(kept.exit()).as(kept.err()).isZero();
    assertThat(state()).contains("the key works");
    assertThat(server.run("keys", "provider", "list").out()).contains("openai").contains("yes");

    assertThat(server.run("keys", "provider", "remove", "openai").exit()).isZero();
    assertThat(state()).contains("tuneplane keys provider set openai");
    assertThat(server.run("keys", "provider", "remove", "openai").exit()).isEqualTo(1);
    assertThat(server.run("keys", "provider", "list").out()).contains("No provider's key");
  }

  @Test
  void aKeyOutlivesTheServerAndANewOneTakesItsPlace() throws IOException {
    set("sk-canary-wrong-0001");
    assertThat(state()).contains("Incorrect API key");

    set(FakeOpenAi.KEY);
    server.restart();

    assertThat(state()).contains("the key works");
    assertThat(server.run("keys", "provider", "list", "-o", "json").out())
        .containsOnlyOnce("\"name\"");
  }

  @Test
  void itIsShownNowhere() throws IOException {
    String canary = "sk-canary-7d3f91a2b4";

    String said = set(canary).toString() + server.run("keys", "provider", "list", "-o", "json");
    String more =
        state()
            + server.run("backends")
            + server.run("audit", "list")
            + server.run(
                server.key(), canary + "\n", new String[] {"keys", "provider", "set", "nowhere"})
            + set("tp-" + canary);

    assertThat(said + more).doesNotContain(canary);
    assertThat(host.exchanges()).isNotEmpty();
    try (Stream<Path> all = Files.walk(dir)) {
      assertThat(all.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                  .as("%s", file)
                  .doesNotContain(canary));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "with a space in it", "sk-\u00e4\u00f6\u00fc-123"})
  void whatCanBeNoKeyIsRefused(String key) {
    ServerFixture.Ran ran = set(key);

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.err()).contains("key");
    assertThat(server.run("keys", "provider", "list").out()).contains("No provider's key");
  }

  @Test
  void onlyKnownPlacesTakeOneAndOnlyAdministratorsGiveIt() throws IOException {
    ServerFixture.Ran unknown =
        server.run(
            server.key(), "sk-12345678\n", new String[] {"keys", "provider", "set", "opnai"});
    String trainer =
        Json.mapper()
            .readTree(
                server
                    .run("keys", "create", "--role", "trainer", "--name", "t", "-o", "json")
                    .out())
            .path("key")
            .asText();

    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("no place \"opnai\" takes a key; these do: openai");
    assertThat(server.runWith(trainer, "keys", "provider", "list").exit()).isEqualTo(4);
  }

  @Test
  void aKeyKeptUnderAnotherSecretIsToBeKeptAgain() throws IOException {
    set(FakeOpenAi.KEY);
    ServerFixture.Ran made = server.run("keys", "list");
    assertThat(made.exit()).isZero();

    ProviderKeys strange =
        new ProviderKeys(
            new Vault(
                new Unreadable(),
                Secrets.open(dir.resolve("elsewhere"), Optional.empty()),
                InstantSource.system()));
    server.close();
    server = new ServerFixture(dir.resolve("other"), (_, _) -> places(strange));

    assertThat(state()).contains("needs_setup").contains("keep it again");
  }

  /// Keys that another secret sealed.
  private static final class Unreadable implements SealedKeys {

    @Override
    public void put(String name, byte[] sealed, Instant now) {
      throw new AssertionError("nothing is kept here");
    }

    @Override
    public Optional<byte[]> get(String name) {
      byte[] sealed = new byte[64];
      sealed[0] = 1;
      return Optional.of(sealed);
    }

    @Override
    public List<Entry> list() {
      return List.of();
    }

    @Override
    public boolean delete(String name) {
      return false;
    }
  }
}
