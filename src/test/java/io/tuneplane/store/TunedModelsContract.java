package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.job.StorageException;
import io.tuneplane.job.TunedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Weights are used as they were kept, or not at all.
abstract class TunedModelsContract extends StoreContract {

  private static final String NAME = "ft:smollm2-135m-instruct:default:support:abcd1234";

  @Test
  void anAdapterIsCopiedWhole() throws IOException {
    Path adapter = adapter("{}", "weights");

    Path kept = store.models().keep("abcd1234", adapter);
    Files.delete(adapter.resolve("adapter_config.json"));

    assertThat(kept.resolve("adapter_config.json")).hasContent("{}");
    assertThat(kept.resolve("adapter_model.safetensors")).hasContent("weights");
  }

  @Test
  void theSameAdapterIsKeptOnce() throws IOException {
    Path one = store.models().keep("abcd1234", adapter("{}", "weights"));
    Path two = store.models().keep("efgh5678", adapter("{}", "weights"));
    Path three = store.models().keep("efgh5678", adapter("{}", "other weights"));

    assertThat(one).isEqualTo(two).isNotEqualTo(three);
  }

  @Test
  void aLinkInAnAdapterIsRefusedAndNothingIsLeft() throws IOException {
    Path adapter = Files.createDirectories(dir.resolve("run/adapter"));
    Files.createSymbolicLink(adapter.resolve("adapter_config.json"), Path.of("/etc/hostname"));

    assertThatThrownBy(() -> store.models().keep("abcd1234", adapter))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("plain file");
    try (Stream<Path> left = Files.walk(store.artifacts())) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aModelIsFoundByItsWholeNameOnly() throws IOException {
    SqlTunedModels models = store.models();
    TunedModel model = kept(models);

    assertThat(models.find("default", NAME)).contains(model);
    assertThat(models.find("other", NAME)).isEmpty();
    assertThat(models.find("default", "ft:another:default:support:abcd1234")).isEmpty();
    assertThat(models.find("default", "' OR '1'='1")).isEmpty();
    assertThat(models.list("default")).containsExactly(model);
    assertThat(models.list("other")).isEmpty();
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    assertThatThrownBy(() -> store.models().save(model("../x", "default", Optional.empty())))
        .hasMessageContaining("not a name");
  }

  @Test
  void weightsThatWereChangedAreNeverUsed() throws IOException {
    SqlTunedModels models = store.models();
    Path weights = adapterOf(kept(models)).resolve("adapter_model.safetensors");
    assertThat(models.find("default", NAME)).isPresent();

    Files.writeString(weights, "Weights");

    assertThatThrownBy(() -> models.find("default", NAME))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("adapter_model.safetensors is not what was kept")
        .hasMessageContaining("backup");
    // What was found whole before is looked at again, by a new server as well.
    assertThatThrownBy(() -> store.models().find("default", NAME))
        .isInstanceOf(StorageException.class);
    assertThat(models.list("default")).hasSize(1);
  }

  /// Wherever a byte is flipped and wherever a file is cut off, the weights are never handed out;
  /// put back as they were, they are.
  @Test
  void f21NoByteOfAnAdapterCanChangeOrBeMissingUnnoticed() throws IOException {
    Path folder = adapterOf(kept(store.models()));
    Random random = new Random(21);
    for (int i = 0; i < 60; i++) {
      String name = i % 2 == 0 ? "adapter_model.safetensors" : "adapter_config.json";
      Path file = folder.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      byte[] broken = i % 3 == 0 ? cut(whole, random) : flipped(whole, random);
      Files.write(file, broken);

      assertThatThrownBy(() -> store.models().find("default", NAME))
          .as("%s, %d", name, i)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(name);

      Files.write(file, whole);
      assertThat(store.models().find("default", NAME)).isPresent();
    }
  }

  private static byte[] cut(byte[] whole, Random random) {
    return Arrays.copyOf(whole, random.nextInt(whole.length));
  }

  private static byte[] flipped(byte[] whole, Random random) {
    byte[] broken = whole.clone();
    broken[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
    return broken;
  }

  @Test
  void aFileThatIsGoneOrNewIsNoticed() throws IOException {
    SqlTunedModels models = store.models();
    Path folder = adapterOf(kept(models));
    Path extra = Files.writeString(folder.resolve("extra.py"), "import os");
    assertThatThrownBy(() -> models.find("default", NAME)).isInstanceOf(StorageException.class);
    Files.delete(extra);
    assertThat(models.find("default", NAME)).isPresent();

    Files.delete(folder.resolve("adapter_config.json"));
    assertThatThrownBy(() -> models.find("default", NAME))
        .hasMessageContaining("adapter_config.json is not what was kept");
  }

  @Test
  void keepingTheSameAdapterAgainMendsIt() throws IOException {
    SqlTunedModels models = store.models();
    Files.delete(adapterOf(kept(models)).resolve("adapter_config.json"));

    models.keep("abcd1234", adapter("{}", "weights"));

    assertThat(models.find("default", NAME)).isPresent();
  }

  /// The row names the weights by digest: another server finds them in its own folder.
  @Test
  void theDataDirectoryMayMove() throws IOException {
    kept(store.models());
    Path elsewhere = dir.resolve("moved");
    Files.move(store.artifacts(), elsewhere);

    TunedModel found =
        new SqlTunedModels(store.database(), elsewhere).find("default", NAME).orElseThrow();

    assertThat(adapterOf(found)).startsWith(elsewhere.toAbsolutePath());
    assertThat(adapterOf(found).resolve("adapter_config.json")).hasContent("{}");
  }

  @Test
  void theSweepTakesWeightsThatNoModelNames() throws IOException {
    SqlTunedModels models = store.models();
    Path used = adapterOf(kept(models));
    Path orphan = models.keep("efgh5678", adapter("{}", "never made known"));
    long placed = Math.max(used.toFile().lastModified(), orphan.toFile().lastModified());

    models.sweep(java.time.Instant.ofEpochMilli(placed));
    assertThat(orphan).exists();
    models.sweep(java.time.Instant.ofEpochMilli(placed + 1).plus(SqlTunedModels.GRACE));

    assertThat(orphan).doesNotExist();
    assertThat(used).exists();
    assertThat(models.find("default", NAME)).isPresent();
  }

  private TunedModel kept(SqlTunedModels models) throws IOException {
    Path folder = models.keep("abcd1234", adapter("{}", "weights"));
    TunedModel model = model(NAME, "default", Optional.of(folder));
    assertThat(model.createdAt()).isEqualTo(NOW);
    models.save(model);
    return model;
  }

  private static Path adapterOf(TunedModel model) {
    return model.trained().adapter().orElseThrow();
  }

  private Path adapter(String config, String weights) throws IOException {
    Path adapter = Files.createDirectories(dir.resolve("run/adapter"));
    Files.writeString(adapter.resolve("adapter_config.json"), config);
    Files.writeString(adapter.resolve("adapter_model.safetensors"), weights);
    return adapter;
  }
}
