package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What makes a pod pass the Pod Security Standard `restricted`, and a little more: a root file
/// system that can't be written, and no token of a service account.
/// ([kubernetes.io](https://kubernetes.io/docs/concepts/security/pod-security-standards/), read on
/// 2026-11-25.)
final class PodSecurity {

  /// The user of our images.
  static final int USER = 10_001;

  private PodSecurity() {}

  static void pod(ObjectNode spec) {
    spec.put("automountServiceAccountToken", false)
        .put("enableServiceLinks", false)
        .put("hostNetwork", false)
        .put("hostPID", false)
        .put("hostIPC", false);
    ObjectNode context = spec.putObject("securityContext");
    context
        .put("runAsNonRoot", true)
        .put("runAsUser", USER)
        .put("runAsGroup", USER)
        .put("fsGroup", USER)
        .put("fsGroupChangePolicy", "OnRootMismatch");
    context.putObject("seccompProfile").put("type", "RuntimeDefault");
  }

  static void container(ObjectNode container) {
    ObjectNode context = container.putObject("securityContext");
    context
        .put("allowPrivilegeEscalation", false)
        .put("privileged", false)
        .put("readOnlyRootFilesystem", true)
        .put("runAsNonRoot", true);
    context.putObject("capabilities").putArray("drop").add("ALL");
    context.putObject("seccompProfile").put("type", "RuntimeDefault");
  }
}
