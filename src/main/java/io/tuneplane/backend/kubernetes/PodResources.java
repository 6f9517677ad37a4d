package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.config.ClusterSettings;
import java.util.Optional;

/// What one pod is given, and on which nodes.
///
/// @param gpu the kind of GPU; empty for none
/// @param gpus how many of them
/// @param cpus processors asked for
/// @param memoryBytes memory asked for, which is also the limit
record PodResources(Optional<ClusterSettings.Gpu> gpu, int gpus, int cpus, long memoryBytes) {

  private static final long MIB = 1L << 20;

  void writeTo(ObjectNode spec, ObjectNode container) {
    ObjectNode resources = container.putObject("resources");
    String memory = Math.ceilDiv(memoryBytes, MIB) + "Mi";
    ObjectNode requests =
        resources.putObject("requests").put("cpu", String.valueOf(cpus)).put("memory", memory);
    ObjectNode limits = resources.putObject("limits").put("memory", memory);
    gpu.ifPresent(kind -> {
      requests.put(kind.resource(), String.valueOf(gpus));
      limits.put(kind.resource(), String.valueOf(gpus));
      place(spec, kind);
    });
  }

  private static void place(ObjectNode spec, ClusterSettings.Gpu kind) {
    if (!kind.nodeSelector().isEmpty()) {
      spec.set("nodeSelector", Json.texts(kind.nodeSelector()));
    }
    if (!kind.tolerations().isEmpty()) {
      var tolerations = spec.putArray("tolerations");
      for (ClusterSettings.Toleration toleration : kind.tolerations()) {
        ObjectNode node = tolerations.addObject().put("key", toleration.key());
        node.put("operator", toleration.value().isPresent() ? "Equal" : "Exists");
        toleration.value().ifPresent(value -> node.put("value", value));
        node.put("effect", toleration.effect());
      }
    }
  }
}
