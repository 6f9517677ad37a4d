package io.tuneplane.backend.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.config.ClusterSettings.Access;
import io.tuneplane.config.ClusterSettings.ControlPlane;
import io.tuneplane.config.ClusterSettings.Gpu;
import io.tuneplane.config.ClusterSettings.Images;
import io.tuneplane.config.ClusterSettings.Queue;
import io.tuneplane.config.ClusterSettings.Toleration;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The objects of a run, as they are sent. The golden files are what a change of them is held
/// against: `-Dgolden.write=target` writes new ones there.
class ManifestsTest {

  private static final Gpu H100 =
      new Gpu(
          "h100",
          Gpu.NVIDIA,
          Optional.empty(),
          Map.of("nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3"),
          List.of(
              new Toleration(Gpu.NVIDIA, Optional.empty(), "NoSchedule"),
              new Toleration("team", Optional.of("ml"), "NoExecute")));

  private static ClusterSettings settings() {
    return new ClusterSettings(
        Optional.of("tuning"),
        new Access(Optional.empty(), Optional.empty()),
        true,
        new Queue(Optional.of("ft"), Optional.of("high")),
        new Images(
            Optional.of("registry.example/trl:1"),
            Optional.of("registry.example/djl:1"),
            Optional.empty(),
            Optional.of("pull")),
        Optional.of("models"),
        new ControlPlane(
            Optional.of(URI.create("https://tuneplane.example:8686")),
            Optional.of(Path.of("ca.crt"))),
        ClusterSettings.Times.DEFAULT,
        List.of(),
        ClusterSettings.Serving.DEFAULT);
  }

  private static TrainingJob job(String mark, int nodes, boolean kueue) {
    return new TrainingJob(
        mark,
        1,
        nodes,
        new PodResources(Optional.of(H100), 4, 16, 48L << 30),
        "registry.example/trl:1",
        List.of("python", "-m", "tuneplane_trl", "remote"),
        kueue);
  }

  @Test
  void aGangUnderKueueIsAsWrittenDown() throws IOException {
    assertGolden("gang.json", job("job-abc", 2, true).manifest(settings()));
  }

  @Test
  void aPodWithoutAGpuIsAsWrittenDown() throws IOException {
    TrainingJob alone =
        new TrainingJob(
            "job-abc",
            3,
            1,
            new PodResources(Optional.empty(), 0, 2, 3L << 30),
            "registry.example/djl:1",
            List.of("java"),
            false);

    assertGolden("alone.json", alone.manifest(settings()));
  }

  @Test
  void whatBelongsToAJobIsAsWrittenDown() throws IOException {
    RunParts parts = new RunParts(RunName.of("job-abc"), "tp-job-abc-1", "uid-1");
    ObjectNode all = Json.object();
    all.set("secret", parts.secret("token", Optional.of("pem")));
    all.set("service", parts.service());
    all.set("policy", parts.networkPolicy(List.of(InetAddress.ofLiteral("192.0.2.7")), 8686));

    assertGolden("parts.json", all);
  }

  private static void assertGolden(String name, JsonNode found) throws IOException {
    String text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(found);
    String write = System.getProperty("golden.write", "");
    if (!write.isEmpty()) {
      java.nio.file.Files.writeString(Path.of(write).resolve(name), text + "\n");
    }
    try (InputStream golden = requireNonNull(ManifestsTest.class.getResourceAsStream(name), name)) {
      assertThat(Json.MAPPER.readTree(text)).isEqualTo(Json.MAPPER.readTree(golden));
    }
  }

  /// Whatever the mark: names stay names, and the mark stands in two places that take any text.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "job-abc",
        "-",
        "--job",
        "a",
        "123456789-123456789-123456789-123456789-123456789-123456789-123",
      })
  void everyMarkGivesNamesThatKubernetesTakes(String mark) {
    ObjectNode manifest = job(mark, 2, true).manifest(settings());

    String name = manifest.path("metadata").path("name").asText();
    assertThat(name + "-10").matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    assertThat(manifest.path("metadata").path("labels").path(Labels.RUN).asText())
        .matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    assertThat(RunName.of(mark)).isEqualTo(RunName.of(mark));
  }

  @Test
  void marksThatDifferHaveNamesThatDiffer() {
    List<String> marks = new ArrayList<>(List.of("a", "-a", "a-", "--a"));
    for (int i = 0; i < 500; i++) {
      marks.add("123456789-123456789-123456789-123456789-123456789-" + i);
    }

    assertThat(marks.stream().map(RunName::of)).doesNotHaveDuplicates();
  }

  /// Abuse 18: no pod of ours asks for anything of its node.
  @Test
  void nothingReachesIntoTheNode() {
    JsonNode pod = job("job-abc", 2, false).manifest(settings()).path("spec").path("template");

    assertThat(pod.findValues("hostPath")).isEmpty();
    assertThat(pod.findValues("serviceAccountName")).isEmpty();
    assertThat(pod.findValues("nodeName")).isEmpty();
    assertThat(pod.findValues("hostPort")).isEmpty();
    assertThat(pod.findValuesAsText("privileged")).containsOnly("false");
    assertThat(pod.findValuesAsText("hostNetwork")).containsOnly("false");
    assertThat(pod.path("spec").path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.findValuesAsText("readOnlyRootFilesystem")).containsOnly("true");
    assertThat(pod.findValuesAsText("allowPrivilegeEscalation")).containsOnly("false");
  }
}
