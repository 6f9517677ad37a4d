package io.tuneplane.runner.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import io.tuneplane.runner.serve.onnx.Projection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterReaderTest {

  /// The start of a pickle, protocol 2: what `torch.save` wrote before it used zip files.
  private static final byte[] PICKLE = {
    (byte) 0x80, 2, '}', 'q', 0, 'c', 'o', 's', '\n', 's', 'y', 's', 't', 'e', 'm', '\n', '.'
  };

  @TempDir private Path folder;
  private BaseModel base;
  private Path adapter;

  @BeforeEach
  void write() throws IOException, NoSuchAlgorithmException {
    base = Models.open(TinyLlama.seeded(1).writeFolder(folder.resolve("base")));
    adapter =
        new TinyAdapter(base.config(), 1, 4, 8, List.of("q_proj", "up_proj"), 2)
            .write(folder.resolve("adapter"));
    origin(base.digest(), sha256(adapter.resolve("adapter_model.safetensors")));
  }

  private void origin(String baseDigest, String adapterDigest) throws IOException {
    Files.writeString(
        adapter.resolve("tuneplane.json"),
        """
        {"base_model": "tiny", "base_digest": "%s", "chat_template_digest": "%s", "adapter_digest": "%s"}
        """
            .formatted(baseDigest, base.chatTemplate().digest(), adapterDigest));
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }

  @AfterEach
  void close() {
    base.close();
  }

  @Test
  void readsAnAdapterOfThisBase() {
    Adapter read = new AdapterReader(base, false).read(adapter);
    assertThat(read.columns(Projection.QKV)).isEqualTo(4);
    assertThat(read.columns(Projection.GATE_UP)).isEqualTo(4);
    assertThat(read.columns(Projection.DOWN)).isZero();
  }

  @Test
  void refusesAnAdapterOfAnotherBase() throws IOException, NoSuchAlgorithmException {
    origin("0".repeat(64), sha256(adapter.resolve("adapter_model.safetensors")));
    assertRefused("another base model");
  }

  @Test
  void refusesDamagedWeights() throws IOException {
    Path weights = adapter.resolve("adapter_model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertRefused("damaged");
  }

  /// Python's pickle can carry code: it is neither looked for nor read under another name.
  @Test
  void aPickleIsNotRead() throws IOException {
    Path weights = adapter.resolve("adapter_model.safetensors");
    Path pickle = Files.write(adapter.resolve("adapter_model.bin"), PICKLE);
    Files.move(pickle, weights, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(adapter.resolve("tuneplane.json"));
    assertThatExceptionOfType(AdapterException.class)
        .isThrownBy(() -> new AdapterReader(base, true).read(adapter))
        .matches(e -> e.kind() == AdapterException.Kind.REFUSED);

    Files.move(weights, pickle);
    assertThatExceptionOfType(AdapterException.class)
        .isThrownBy(() -> new AdapterReader(base, true).read(adapter))
        .withMessageContaining("there is no " + weights);
  }

  @Test
  void refusesAFolderThatDoesNotSayItsBaseUnlessToldOtherwise() throws IOException {
    Files.delete(adapter.resolve("tuneplane.json"));
    assertRefused("tuneplane.json");
    assertThat(new AdapterReader(base, true).read(adapter).columns(Projection.QKV)).isEqualTo(4);
  }

  @Test
  void aFolderThatIsNotThereIsMissing() {
    assertThatExceptionOfType(AdapterException.class)
        .isThrownBy(() -> new AdapterReader(base, false).read(folder.resolve("nowhere")))
        .matches(e -> e.kind() == AdapterException.Kind.MISSING)
        .withMessageContaining("No adapter found");
  }

  @Test
  void refusesAConfigurationThatIsNotServed() throws IOException {
    String[][] cases = {
      {"\"LORA\"", "\"IA3\"", "peft_type"},
      {"\"r\": 4", "\"r\": 512", "rank 512"},
      {"\"r\": 4", "\"r\": 8", "shape"},
      {"{", "{\"use_dora\": true, ", "DoRA"},
      {"{", "{\"modules_to_save\": [\"lm_head\"], ", "modules_to_save"},
      {"{", "{\"rank_pattern\": {\"q_proj\": 2}, ", "rank_pattern"},
      {"{", "[", "JSON"},
    };
    Path config = adapter.resolve("adapter_config.json");
    String good = Files.readString(config);
    for (String[] c : cases) {
      Files.writeString(config, good.replace(c[0], c[1]));
      assertRefused(c[2]);
    }
  }

  @Test
  void refusesModulesThatThisModelHasNot() throws IOException {
    new TinyAdapter(base.config(), 1, 4, 8, List.of("q_proj"), 2).write(adapter);
    Path weights = adapter.resolve("adapter_model.safetensors");
    String renamed =
        new String(Files.readAllBytes(weights), java.nio.charset.StandardCharsets.ISO_8859_1)
            .replace("layers.1.self_attn.q_proj", "layers.1.self_attn.z_proj");
    Files.write(weights, renamed.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    Files.delete(adapter.resolve("tuneplane.json"));
    assertThatExceptionOfType(AdapterException.class)
        .isThrownBy(() -> new AdapterReader(base, true).read(adapter))
        .withMessageContaining("z_proj");
  }

  private void assertRefused(String words) {
    assertThatExceptionOfType(AdapterException.class)
        .isThrownBy(() -> new AdapterReader(base, false).read(adapter))
        .matches(e -> e.kind() == AdapterException.Kind.REFUSED)
        .withMessageContaining(words);
  }
}
