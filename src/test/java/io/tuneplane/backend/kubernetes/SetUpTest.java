package io.tuneplane.backend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.Availability;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.model.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `backends` says of a cluster.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SetUpTest {

  private static final String QUEUES = "/apis/kueue.x-k8s.io/v1beta1/namespaces/tuning/localqueues";

  @TempDir private Path directory;

  private ClusterPlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = new ClusterPlace(directory);
  }

  @AfterEach
  void closePlace() {
    place.close();
  }

  private Availability availability(ClusterSettings settings) {
    try (KubernetesTraining backend = place.training(settings, InstantSource.system())) {
      return backend.availability();
    }
  }

  private String step(ClusterSettings settings) {
    return ((Availability.NeedsSetup) availability(settings)).step();
  }

  @Test
  void aClusterWithGpusIsReadyAndTellsOfThem() {
    try (KubernetesTraining backend = place.training()) {
      assertThat(backend.availability()).isEqualTo(new Availability.Ready());
      assertThat(backend.condition()).contains("h100-80gb-hbm3: 16 of 16 free, 80.0 GiB each");
    }
  }

  @Test
  void withoutSettingsNothingIsAsked() {
    try (KubernetesTraining backend =
        place.training(ClusterSettings.NONE, InstantSource.system())) {
      assertThat(backend.availability())
          .isEqualTo(
              new Availability.NeedsSetup(
                  "set kubernetes.namespace to the namespace in which jobs may run"));
      assertThat(backend.condition()).isEmpty();
      assertThat(backend.unfit(Map.of())).isEmpty();
    }
  }

  @Test
  void aPlaceThatCouldNotServeTheResultTakesNoJob() {
    ClusterSettings all = place.settings();
    ClusterSettings without =
        new ClusterSettings(
            all.namespace(),
            all.access(),
            all.onPrem(),
            all.queue(),
            all.images(),
            Optional.empty(),
            all.controlPlane(),
            all.times(),
            all.gpus(),
            all.serving());

    assertThat(step(without)).contains("kubernetes.models_claim");
    try (KubernetesTraining backend = place.training(without, InstantSource.system())) {
      assertThat(backend.check(place.spec(1)))
          .singleElement()
          .extracting("field")
          .isEqualTo("kubernetes");
    }
  }

  @Test
  void aRightThatIsMissingIsNamedWithTheRuleThatGrantsIt() {
    place.cluster.refuse("may create jobs", 1);

    assertThat(step(place.settings()))
        .isEqualTo(
            "may not create jobs.batch in namespace tuning; the Role in k8s/ grants it:"
                + " {apiGroups: [\"batch\"], resources: [jobs], verbs: [create]}");
  }

  @Test
  void aClusterThatIsAwaySaysSo() throws IOException {
    Files.writeString(
        directory.resolve("kubeconfig"),
        Files.readString(directory.resolve("kubeconfig"))
            .replace(":" + place.cluster.port(), ":1"));

    assertThat(step(place.settings())).startsWith("the cluster can't be reached");
  }

  @Test
  void aTokenThatIsRefusedSaysSo() throws IOException {
    Files.writeString(
        directory.resolve("kubeconfig"),
        Files.readString(directory.resolve("kubeconfig")).replace("secret-of-the-fake", "stolen"));

    assertThat(step(place.settings())).contains("401");
  }

  @Test
  void aClusterWithoutGpusSaysWhatToDo() {
    place.cluster.remove("/api/v1/nodes", "gpu-0");
    place.cluster.remove("/api/v1/nodes", "gpu-1");

    assertThat(step(place.settings())).startsWith("no node of the cluster offers GPUs");
  }

  @Test
  void gpusWhoseMemoryNobodyKnowsSaySo() {
    for (ObjectNode node : place.cluster.list("/api/v1/nodes")) {
      ((ObjectNode) node.path("metadata").path("labels")).remove("nvidia.com/gpu.memory");
      place.cluster.put("/api/v1/nodes", node);
    }

    assertThat(step(place.settings()))
        .contains("h100-80gb-hbm3: 16 of 16 free, memory not known")
        .contains("kubernetes.gpus.NAME.memory");
  }

  @Test
  void aQueueNeedsKueueAndMustExist() {
    ClusterSettings settings = place.settings(Optional.of("ft"));
    assertThat(step(settings)).contains("the cluster has no Kueue");

    place.cluster.addGroup("kueue.x-k8s.io");
    assertThat(step(settings))
        .isEqualTo("there is no LocalQueue ft in namespace tuning; there is none");

    ObjectNode queue = Json.object().put("kind", "LocalQueue");
    queue.putObject("metadata").put("name", "ft");
    queue.putObject("status").put("pendingWorkloads", 3).put("admittedWorkloads", 2);
    place.cluster.put(QUEUES, queue);
    try (KubernetesTraining backend = place.training(settings, InstantSource.system())) {
      assertThat(backend.availability()).isEqualTo(new Availability.Ready());
      assertThat(backend.condition().orElseThrow()).endsWith("queue ft: 3 waiting, 2 admitted");
    }
  }

  @Test
  void aModelThatNoGpuHoldsIsStruckOut() {
    ModelShape huge = new ModelShape(128_256, 16_384, 53_248, 126, 128, 8, 128, false, false);
    ModelShape small = new ModelShape(128_256, 4096, 14_336, 32, 32, 8, 128, false, false);
    try (KubernetesTraining backend = place.training()) {
      assertThat(backend.unfit(Map.of("405b", huge, "8b", small)))
          .hasEntrySatisfying("405b", words -> assertThat(words).contains("take a smaller model"))
          .doesNotContainKey("8b");
    }
  }
}
