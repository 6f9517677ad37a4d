package io.tuneplane.backend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.config.ClusterSettings.Gpu;
import io.tuneplane.config.ClusterSettings.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterViewTest {

  private static ObjectNode node(String name, int gpus) {
    ObjectNode node = Json.object();
    node.putObject("metadata")
        .put("name", name)
        .putObject("labels")
        .put("nvidia.com/gpu.product", "NVIDIA-L4")
        .put("nvidia.com/gpu.memory", "23034")
        .put("pool", "a");
    node.putObject("spec");
    node.putObject("status").putObject("allocatable").put("nvidia.com/gpu", String.valueOf(gpus));
    return node;
  }

  private static ObjectNode taint(ObjectNode node, String key, String value, String effect) {
    ((ObjectNode) node.path("spec"))
        .putArray("taints")
        .addObject()
        .put("key", key)
        .put("value", value)
        .put("effect", effect);
    return node;
  }

  private static JsonNode pod(String node, int gpus, String phase) {
    ObjectNode pod = Json.object();
    pod.putObject("spec")
        .put("nodeName", node)
        .putArray("containers")
        .addObject()
        .putObject("resources")
        .putObject("requests")
        .put("nvidia.com/gpu", String.valueOf(gpus));
    pod.putObject("status").put("phase", phase);
    return pod;
  }

  private static ClusterView view(List<Gpu> kinds, JsonNode... nodes) {
    return ClusterView.of(kinds, List.of(nodes), List.of());
  }

  @Test
  void whatPodsHoldIsNotFree() {
    ClusterView view =
        ClusterView.of(
            List.of(),
            List.of(node("a", 4), node("b", 4)),
            List.of(pod("a", 3, "Running"), pod("b", 4, "Succeeded"), pod("b", 1, "Pending")));

    assertThat(view.words()).isEqualTo("l4: 4 of 8 free, 22.5 GiB each");
    assertThat(view.kinds().getFirst().takes(1, 3)).isTrue();
    assertThat(view.kinds().getFirst().takes(2, 2)).isFalse();
  }

  @Test
  void nodesThatTakeNoPodsOfOursDoNotCount() {
    ObjectNode cordoned = node("cordoned", 4);
    ((ObjectNode) cordoned.path("spec")).put("unschedulable", true);

    ClusterView view =
        view(
            List.of(),
            cordoned,
            taint(node("taken", 4), "team", "x", "NoSchedule"),
            taint(node("usual", 2), "nvidia.com/gpu", "present", "NoSchedule"),
            taint(node("rather-not", 1), "team", "x", "PreferNoSchedule"));

    assertThat(view.words()).startsWith("l4: 3 of 3 free");
  }

  @Test
  void aKindOfTheSettingsComesBeforeTheLabels() {
    Gpu mine =
        new Gpu(
            "small",
            Gpu.NVIDIA,
            Optional.of(20L << 30),
            Map.of("pool", "a"),
            List.of(new Toleration("team", Optional.of("x"), "NoSchedule")));

    ClusterView view =
        view(List.of(mine), taint(node("a", 4), "team", "x", "NoSchedule"), node("b", 4));

    assertThat(view.words()).isEqualTo("small: 8 of 8 free, 20.0 GiB each");
    assertThat(view.types().getFirst().perNode()).isEqualTo(4);
    assertThat(view.types().getFirst().nodes()).isEqualTo(2);
  }

  @Test
  void aClusterWithoutGpusSaysSo() {
    assertThat(view(List.of(), Json.object()).words()).isEqualTo("no GPUs");
  }
}
