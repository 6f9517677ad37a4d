package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// The labels by which objects of ours are known.
final class Labels {

  /// Whose an object is.
  static final String RUN = "tuneplane.io/run";

  /// A server's base and configuration.
  static final String SERVER = "tuneplane.io/server";

  /// A run's mark, as it is: an annotation, since it may be no label.
  static final String MARK = "tuneplane.io/mark";

  /// What selects everything of ours.
  static final String OURS = "app.kubernetes.io/managed-by=tuneplane";

  static final String NAME = "app.kubernetes.io/name";
  static final String COMPONENT = "app.kubernetes.io/component";
  static final String QUEUE = "kueue.x-k8s.io/queue-name";
  static final String PRIORITY = "kueue.x-k8s.io/priority-class";

  private Labels() {}

  /// The recommended labels of Kubernetes, for a part of ours.
  static ObjectNode of(String component, String instance) {
    return Json.object()
        .put(NAME, "tuneplane")
        .put(COMPONENT, component)
        .put("app.kubernetes.io/instance", instance)
        .put("app.kubernetes.io/part-of", "tuneplane")
        .put("app.kubernetes.io/managed-by", "tuneplane");
  }
}
