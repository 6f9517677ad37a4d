package io.tuneplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuneplane.config.ClusterSettings.Gpu;
import io.tuneplane.config.ClusterSettings.Toleration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterReaderTest {

  @TempDir private Path dir;

  private ClusterSettings read(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(dir.resolve("c.yaml"), yaml);
    return SettingsReader.read(environment, Optional.of(file), Optional.of(dir), 2).kubernetes();
  }

  @Test
  void withoutANamespaceThereIsNoCluster() throws IOException {
    assertThat(read("data_dir: /d\n", Map.of())).isEqualTo(ClusterSettings.NONE);
  }

  @Test
  void everythingCanBeSet() throws IOException {
    ClusterSettings settings =
        read(
            """
            kubernetes:
              namespace: tuning
              kubeconfig: /etc/kube
              context: prod
              location: on_prem
              queue: ft
              priority_class: high
              images: {trl: "registry.example:5000/team/trl:1.2@sha256:%s", pull_secret: pull}
              models_claim: models
              deadline_hours: 48
              kept_hours: 1
              serving: {replicas: 3, rank: 32}
              gpus:
                h100:
                  memory: 80G
                  node_selector: {nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3}
                  tolerations: "nvidia.com/gpu:NoSchedule, team=ml:NoExecute"
            control_plane: {url: https://tuneplane.example:8686/, ca_file: /ca.crt}
            """
                .formatted("a".repeat(64)),
            Map.of("TUNEPLANE_KUBERNETES_QUEUE", "urgent"));

    assertThat(settings.namespace()).contains("tuning");
    assertThat(settings.onPrem()).isTrue();
    assertThat(settings.queue().name()).contains("urgent");
    assertThat(settings.times().deadline()).isEqualTo(Duration.ofDays(2));
    assertThat(settings.serving()).isEqualTo(new ClusterSettings.Serving(3, 16, 8192, 8, 32));
    assertThat(settings.controlPlane().url())
        .contains(URI.create("https://tuneplane.example:8686"));
    assertThat(settings.gpus())
        .containsExactly(
            new Gpu(
                "h100",
                Gpu.NVIDIA,
                Optional.of(80L << 30),
                Map.of("nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3"),
                List.of(
                    new Toleration("nvidia.com/gpu", Optional.empty(), "NoSchedule"),
                    new Toleration("team", Optional.of("ml"), "NoExecute"))));
  }

  /// Abuse 18: a value that is no name does not get into a manifest.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "namespace     | kube-system/../x",
        "namespace     | Tuning",
        "queue         | 'a\nb'",
        "priority_class| a.b",
        "models_claim  | ../host",
        "images.trl    | 'evil; rm -rf /'",
        "images.trl    | https://registry.example/x",
        "images.djl    | 'a b'",
        "location      | cloud",
        "deadline_hours| 0",
        "serving.rank  | 513",
      })
  void whatIsNoNameIsRefused(String key, String value) {
    String name =
        "TUNEPLANE_KUBERNETES_" + key.strip().toUpperCase(java.util.Locale.ROOT).replace('.', '_');

    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> read("data_dir: /d\n", Map.of(name, value)));

    assertThat(refused.problems()).hasSize(1).first().asString().startsWith("kubernetes.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://tuneplane.example:8686",
        "https://user:pass@tuneplane.example",
        "https://tuneplane.example/?x=1",
        "ftp://tuneplane.example",
        "tuneplane.example",
      })
  void tokensAreSentToEncryptedAddressesOnly(String url) {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> read("data_dir: /d\n", Map.of("TUNEPLANE_CONTROL_PLANE_URL", url)));

    assertThat(refused.problems()).hasSize(1).first().asString().startsWith("control_plane.url");
  }

  @Test
  void aKindOfGpuNeedsNodesAndWellFormedLabels() {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                read(
                    """
                    kubernetes:
                      gpus:
                        h100: {memory: much}
                        a100: {node_selector: {"a b": c}, tolerations: everything}
                        "X Y": {memory: 80G}
                    """,
                    Map.of()));

    assertThat(refused.problems())
        .containsExactlyInAnyOrder(
            "kubernetes.gpus.X Y: expected [a-z0-9-], 1 to 40 characters",
            "kubernetes.gpus.a100.node_selector.a b: expected a label's key, not \"a b\"",
            "kubernetes.gpus.a100.node_selector: needed, so that pods find the nodes",
            "kubernetes.gpus.a100.tolerations: expected key:NoSchedule or key=value:NoExecute, with"
                + " commas between, not \"everything\"",
            "kubernetes.gpus.h100.memory: expected a size such as 80G, not \"much\"",
            "kubernetes.gpus.h100.node_selector: needed, so that pods find the nodes");
  }

  @Test
  void aSettingThatDoesNotExistIsTold() {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> read("kubernetes: {gpus: {h100: {colour: red}}, nodes: 3}\n", Map.of()));

    assertThat(String.join("\n", refused.problems()))
        .contains("no such setting: kubernetes.gpus.h100.colour")
        .contains("no such setting: kubernetes.nodes");
  }
}
