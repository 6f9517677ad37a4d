package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.kubernetes.sizing.GpuType;
import io.tuneplane.backend.kubernetes.sizing.Memory;
import io.tuneplane.config.ClusterSettings.Gpu;
import io.tuneplane.config.ClusterSettings.Toleration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The GPUs of a cluster: which kinds, how many, how many are free. Pure: computed from nodes and
/// pods.
///
/// @param kinds the kinds, by name
record ClusterView(List<Nodes> kinds) {

  private static final String PRODUCT = "nvidia.com/gpu.product";
  private static final String MEMORY = "nvidia.com/gpu.memory";

  ClusterView {
    kinds = List.copyOf(kinds);
  }

  /// The nodes with one kind of GPU.
  ///
  /// @param gpu the kind, as pods ask for it
  /// @param memoryBytes memory of one; empty where nobody says
  /// @param free free GPUs of each node that takes pods
  /// @param perNode GPUs of the largest node
  /// @param total GPUs of all nodes that take pods
  record Nodes(Gpu gpu, Optional<Long> memoryBytes, List<Integer> free, int perNode, int total) {

    Nodes {
      free = List.copyOf(free);
    }

    int freeInAll() {
      return free.stream().mapToInt(Integer::intValue).sum();
    }

    /// Whether so many pods of so many GPUs each find a node of their own now.
    boolean takes(int pods, int gpusEach) {
      return free.stream().filter(f -> f >= gpusEach).count() >= pods;
    }

    Optional<GpuType> type() {
      return memoryBytes.map(bytes -> new GpuType(gpu.name(), bytes, perNode, free.size()));
    }

    @Override
    public String toString() {
      return "%s: %d of %d free%s"
          .formatted(
              gpu.name(),
              freeInAll(),
              total,
              memoryBytes.map(b -> ", " + Memory.gib(b) + " each").orElse(", memory not known"));
    }
  }

  /// What sizing may choose from.
  List<GpuType> types() {
    return kinds.stream().flatMap(k -> k.type().stream()).toList();
  }

  Optional<Nodes> kind(String name) {
    return kinds.stream().filter(k -> k.gpu().name().equals(name)).findFirst();
  }

  /// For people.
  String words() {
    return kinds.isEmpty()
        ? "no GPUs"
        : kinds.stream().map(Nodes::toString).collect(Collectors.joining("; "));
  }

  /// Reads nodes and pods.
  ///
  /// @param configured the kinds of the settings; nodes that none of them selects are known by the
  ///   labels of NVIDIA's feature discovery
  /// @param pods all pods that may hold GPUs
  static ClusterView of(List<Gpu> configured, List<JsonNode> nodes, List<JsonNode> pods) {
    Map<String, List<JsonNode>> nodesOf = new TreeMap<>();
    Map<String, Gpu> kinds = new TreeMap<>();
    for (JsonNode node : nodes) {
      kindOf(configured, node)
          .filter(gpu -> count(node, gpu) > 0 && takesPods(node, gpu))
          .ifPresent(gpu -> {
            kinds.put(gpu.name(), gpu);
            nodesOf.computeIfAbsent(gpu.name(), _ -> new ArrayList<>()).add(node);
          });
    }
    List<Nodes> all = new ArrayList<>();
    kinds.forEach((name, gpu) -> all.add(nodes(gpu, nodesOf.getOrDefault(name, List.of()), pods)));
    return new ClusterView(all);
  }

  private static Nodes nodes(Gpu gpu, List<JsonNode> nodes, List<JsonNode> pods) {
    Map<String, Integer> used = new HashMap<>();
    for (JsonNode pod : pods) {
      String phase = Json.text(pod, "status", "phase");
      String node = Json.text(pod, "spec", "nodeName");
      if (!node.isEmpty() && !phase.equals("Succeeded") && !phase.equals("Failed")) {
        used.merge(node, requested(pod, gpu), Integer::sum);
      }
    }
    List<Integer> free =
        nodes.stream()
            .map(n ->
                Math.max(0, count(n, gpu) - used.getOrDefault(Json.text(n, "metadata", "name"), 0)))
            .toList();
    return new Nodes(
        gpu,
        gpu.memoryBytes().or(() -> nodes.stream().flatMap(n -> memory(n).stream()).findFirst()),
        free,
        nodes.stream().mapToInt(n -> count(n, gpu)).max().orElse(0),
        nodes.stream().mapToInt(n -> count(n, gpu)).sum());
  }

  private static Optional<Gpu> kindOf(List<Gpu> configured, JsonNode node) {
    Optional<Gpu> named =
        configured.stream().filter(gpu -> selects(gpu.nodeSelector(), node)).findFirst();
    return named.or(() -> labelled(node));
  }

  private static Optional<Gpu> labelled(JsonNode node) {
    String product = node.path("metadata").path("labels").path(PRODUCT).asText("");
    String name = product.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return product.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Gpu(
                name.replaceAll("^nvidia-|-$", ""),
                Gpu.NVIDIA,
                Optional.empty(),
                Map.of(PRODUCT, product),
                List.of(new Toleration(Gpu.NVIDIA, Optional.empty(), "NoSchedule"))));
  }

  private static boolean selects(Map<String, String> selector, JsonNode node) {
    JsonNode labels = node.path("metadata").path("labels");
    return !selector.isEmpty()
        && selector.entrySet().stream()
            .allMatch(e -> labels.path(e.getKey()).asText("").equals(e.getValue()));
  }

  /// Feature discovery gives the memory of one GPU in MiB.
  private static Optional<Long> memory(JsonNode node) {
    String mebibytes = node.path("metadata").path("labels").path(MEMORY).asText("");
    return mebibytes.matches("[0-9]{1,9}")
        ? Optional.of(Long.parseLong(mebibytes) << 20)
        : Optional.empty();
  }

  private static int count(JsonNode node, Gpu gpu) {
    return node.path("status").path("allocatable").path(gpu.resource()).asInt(0);
  }

  private static int requested(JsonNode pod, Gpu gpu) {
    int sum = 0;
    for (JsonNode container : pod.path("spec").path("containers")) {
      sum += container.path("resources").path("requests").path(gpu.resource()).asInt(0);
    }
    return sum;
  }

  private static boolean takesPods(JsonNode node, Gpu gpu) {
    if (node.path("spec").path("unschedulable").asBoolean(false)) {
      return false;
    }
    for (JsonNode taint : node.path("spec").path("taints")) {
      String effect = taint.path("effect").asText();
      if (!effect.equals("PreferNoSchedule") && !tolerated(taint, gpu)) {
        return false;
      }
    }
    return true;
  }

  private static boolean tolerated(JsonNode taint, Gpu gpu) {
    return gpu.tolerations().stream()
        .anyMatch(t ->
            t.key().equals(taint.path("key").asText())
                && t.effect().equals(taint.path("effect").asText())
                && t.value().map(v -> v.equals(taint.path("value").asText(""))).orElse(true));
  }
}
