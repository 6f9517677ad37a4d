package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Says what a caller can do about an error of the API server, or of our own disk.
final class Failures {

  private Failures() {}

  static BackendException translate(String operation, ClusterException e) {
    return switch (e.code()) {
      case 401 ->
          new BackendException.Unauthorized(
              KubernetesTraining.NAME,
              operation,
              "the API server does not know us: "
                  + e.words()
                  + "; renew the kubeconfig's"
                  + " credentials");
      case 403 ->
          isQuota(e)
              ? new BackendException.Exhausted(
                  KubernetesTraining.NAME, operation, e.words(), Optional.empty())
              : new BackendException.Unauthorized(KubernetesTraining.NAME, operation, rights(e));
      case 400, 413, 422 ->
          new BackendException.Rejected(
              KubernetesTraining.NAME,
              operation,
              List.of(new Problem("kubernetes", "the API server refuses it: " + e.words())));
      case 429 ->
          new BackendException.Exhausted(
              KubernetesTraining.NAME, operation, e.words(), Optional.empty());
      default ->
          new BackendException.Unavailable(
              KubernetesTraining.NAME, operation, String.valueOf(e.getMessage()), e);
    };
  }

  static BackendException translate(String operation, IOException e) {
    String words = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    return e instanceof UnreadableFileException
        ? new BackendException.Misunderstood(KubernetesTraining.NAME, operation, words, e)
        : new BackendException.Unavailable(KubernetesTraining.NAME, operation, words, e);
  }

  private static boolean isQuota(ClusterException e) {
    return e.words().contains("exceeded quota");
  }

  /// Which verb on which resource, and the rule that grants it.
  static String rights(ClusterException e) {
    String[] parts = e.request().split(" ", 2);
    String resource = parts.length == 2 ? parts[1] : "";
    return "may not " + e.request() + ": " + e.words() + "; " + rule(parts[0], resource);
  }

  /// The rule that grants a verb on a resource, as a Role spells it.
  static String rule(String verb, String resource) {
    String plural = resource.replaceFirst("\\..*", "");
    String group = resource.contains(".") ? resource.replaceFirst("^[^.]*\\.", "") : "";
    return "the Role in k8s/ grants it: {apiGroups: [\"%s\"], resources: [%s], verbs: [%s]}"
        .formatted(group, plural, verb);
  }
}
