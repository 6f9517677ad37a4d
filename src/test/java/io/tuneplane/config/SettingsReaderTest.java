package io.tuneplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.config.Settings.Quantization;
import io.tuneplane.config.Settings.Spin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {

  @TempDir Path dir;

  @Test
  void withNothingSetDirectoriesFollowXdg() {
    Settings settings = read(Map.of("HOME", "/home/u", "XDG_CACHE_HOME", "/c"));

    assertThat(settings.dataDir()).isEqualTo(Path.of("/home/u/.local/share/tuneplane"));
    assertThat(settings.cacheDir()).isEqualTo(Path.of("/c/tuneplane"));
    assertThat(settings.organisation()).isEqualTo("default");
    assertThat(settings.local().threads()).isEqualTo(2);
    assertThat(settings.local().hourlyUsd()).isEmpty();
    assertThat(settings.hub().endpoint()).isEqualTo(Settings.Hub.DEFAULT_ENDPOINT);
  }

  @Test
  void theCommandLineBeatsTheEnvironmentBeatsTheFile() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("c.yaml"),
            "data_dir: /file\nlocal:\n  threads: 3\n  spin: never\n  quantization: int8\n");
    Map<String, String> environment =
        Map.of("TUNEPLANE_CONFIG", file.toString(), "TUNEPLANE_LOCAL_THREADS", "5");

    Settings settings =
        SettingsReader.read(environment, Optional.empty(), Optional.of(Path.of("/flag")), 2);

    assertThat(settings.dataDir()).isEqualTo(Path.of("/flag"));
    assertThat(settings.local().threads()).isEqualTo(5);
    assertThat(settings.local().spin()).isEqualTo(Spin.NEVER);
    assertThat(settings.local().quantization()).isEqualTo(Quantization.INT8);
  }

  @Test
  void everyProblemIsReportedAtOnce() throws IOException {
    Path file = Files.writeString(dir.resolve("c.yaml"), "local:\n  threds: 3\n  threads: 0\n");

    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of("HF_ENDPOINT", "ftp://x", "TUNEPLANE_ORGANISATION", "A b"),
                Optional.of(file),
                Optional.empty(),
                2))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(4)
                    .anyMatch(p -> p.contains("no such setting: local.threds"))
                    .anyMatch(p -> p.startsWith("local.threads: expected 1 to 1024"))
                    .anyMatch(p -> p.startsWith("hub.endpoint: expected an http(s) address"))
                    .anyMatch(p -> p.startsWith("organisation: expected")));
  }

  @Test
  void aBrokenFileIsReportedWithItsLine() throws IOException {
    Path file = Files.writeString(dir.resolve("c.yaml"), "local:\n  threads: [1\n");

    assertThatThrownBy(() -> SettingsReader.read(Map.of(), Optional.of(file), Optional.empty(), 2))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("c.yaml: line 2: ");
  }

  @Test
  void aMissingFileThatWasAskedForIsAnError() {
    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of(), Optional.of(dir.resolve("none.yaml")), Optional.empty(), 2))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("can't be read");
  }

  @Test
  void openAiIsWhereItIsUnlessSaidOtherwise() {
    Settings.OpenAi usual = read(Map.of()).openai();
    Settings.OpenAi own =
        read(Map.of(
                "TUNEPLANE_OPENAI_BASE_URL", "http://127.0.0.1:8686/v1/",
                "TUNEPLANE_OPENAI_MODELS", "smollm2-135m-instruct, tiny",
                "TUNEPLANE_OPENAI_PRIVATE_ADDRESSES", "127.0.0.1,::1",
                "TUNEPLANE_OPENAI_CONSISTENCY_MINUTES", "3",
                "OPENAI_API_KEY", "sk-secret",
                "OPENAI_BASE_URL", "https://evil.example"))
            .openai();

    assertThat(usual.baseUrl()).hasToString("https://api.openai.com/v1");
    assertThat(usual.privateAddresses()).isEmpty();
    assertThat(own.baseUrl()).hasToString("http://127.0.0.1:8686/v1");
    assertThat(own.models()).containsExactly("smollm2-135m-instruct", "tiny");
    assertThat(own.privateAddresses()).hasSize(2);
    assertThat(own.consistencyWindow()).hasMinutes(3);
    assertThat(own.apiKey()).contains("sk-secret");
    assertThat(own.toString()).doesNotContain("sk-secret").contains("apiKey=present");
  }

  @Test
  void aKeyIsNotSentInTheClearAndNamesAreNoAddresses() {
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "TUNEPLANE_OPENAI_BASE_URL", "http://host.example/v1",
                    "TUNEPLANE_OPENAI_PRIVATE_ADDRESSES", "localhost")))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .anyMatch(p -> p.startsWith("openai.base_url: expected an https address"))
                    .anyMatch(p -> p.startsWith("openai.private_addresses: ")));
  }

  @Test
  void theHubsTokenIsNeverPrinted() {
    Settings settings = read(Map.of("HF_TOKEN", "hf_secret"));

    assertThat(settings.hub().token()).contains("hf_secret");
    assertThat(settings.toString()).doesNotContain("hf_secret").contains("token=present");
  }

  private static Settings read(Map<String, String> environment) {
    return SettingsReader.read(environment, Optional.empty(), Optional.empty(), 2);
  }
}
