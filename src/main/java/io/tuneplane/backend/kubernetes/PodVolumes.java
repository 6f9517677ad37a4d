package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// The folders that a pod of ours has.
final class PodVolumes {

  /// Where the token and the certificate authority are.
  static final String SECRETS = "/var/run/tuneplane";

  /// Where base models are, if a claim holds them.
  static final String MODELS = "/models";

  /// Where a pod works.
  static final String WORK = "/work";

  private final ArrayNode volumes;
  private final ArrayNode mounts;

  /// @param spec the pod's spec
  /// @param container its container
  PodVolumes(ObjectNode spec, ObjectNode container) {
    this.volumes = spec.putArray("volumes");
    this.mounts = container.putArray("volumeMounts");
  }

  /// A folder that ends with the pod.
  PodVolumes scratch(String name, String path) {
    volumes.addObject().put("name", name).putObject("emptyDir");
    mounts.addObject().put("name", name).put("mountPath", path);
    return this;
  }

  /// Shared memory, for NCCL and for workers that hand tensors to each other; the default is 64 MB.
  ///
  /// @param gibibytes the most; it counts against the pod's memory
  PodVolumes sharedMemory(int gibibytes) {
    volumes
        .addObject()
        .put("name", "shm")
        .putObject("emptyDir")
        .put("medium", "Memory")
        .put("sizeLimit", gibibytes + "Gi");
    mounts.addObject().put("name", "shm").put("mountPath", "/dev/shm");
    return this;
  }

  /// The files of a secret, for the pod's user alone.
  PodVolumes secret(String secret) {
    volumes
        .addObject()
        .put("name", "access")
        .putObject("secret")
        .put("secretName", secret)
        .put("defaultMode", 0440);
    mounts.addObject().put("name", "access").put("mountPath", SECRETS).put("readOnly", true);
    return this;
  }

  /// Base models, read only.
  PodVolumes models(Optional<String> claim) {
    claim.ifPresent(name -> {
      volumes
          .addObject()
          .put("name", "models")
          .putObject("persistentVolumeClaim")
          .put("claimName", name)
          .put("readOnly", true);
      mounts.addObject().put("name", "models").put("mountPath", MODELS).put("readOnly", true);
    });
    return this;
  }
}
