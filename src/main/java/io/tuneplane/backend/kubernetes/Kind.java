package io.tuneplane.backend.kubernetes;

/// The kinds of object that this package reads or writes, with their place in the API.
///
/// @param group empty for the core group
/// @param version the version that is spoken
/// @param plural the name in paths, in RBAC and in words
/// @param namespaced whether it lives in a namespace
record Kind(String group, String version, String plural, boolean namespaced) {

  static final Kind JOB = new Kind("batch", "v1", "jobs", true);
  static final Kind POD = new Kind("", "v1", "pods", true);
  static final Kind SECRET = new Kind("", "v1", "secrets", true);
  static final Kind SERVICE = new Kind("", "v1", "services", true);
  static final Kind EVENT = new Kind("", "v1", "events", true);
  static final Kind CLAIM = new Kind("", "v1", "persistentvolumeclaims", true);
  static final Kind NODE = new Kind("", "v1", "nodes", false);
  static final Kind NAMESPACE = new Kind("", "v1", "namespaces", false);
  static final Kind NETWORK_POLICY = new Kind("networking.k8s.io", "v1", "networkpolicies", true);
  static final Kind DEPLOYMENT = new Kind("apps", "v1", "deployments", true);
  static final Kind DISRUPTION_BUDGET = new Kind("policy", "v1", "poddisruptionbudgets", true);
  static final Kind ACCESS_REVIEW =
      new Kind("authorization.k8s.io", "v1", "selfsubjectaccessreviews", false);

  /// Kueue's record of a Job that waits for, or holds, quota.
  static Kind workload(String version) {
    return new Kind("kueue.x-k8s.io", version, "workloads", true);
  }

  /// Kueue's queue in a namespace.
  static Kind localQueue(String version) {
    return new Kind("kueue.x-k8s.io", version, "localqueues", true);
  }

  /// The path of the whole list.
  ///
  /// @param namespace ignored where the kind lives in none
  String path(String namespace) {
    String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    return root + (namespaced ? "/namespaces/" + namespace : "") + "/" + plural;
  }

  /// As RBAC and `kubectl` name it, e.g. `jobs.batch`.
  String resource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
