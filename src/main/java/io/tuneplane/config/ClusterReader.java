package io.tuneplane.config;

import io.tuneplane.config.ClusterSettings.Access;
import io.tuneplane.config.ClusterSettings.ControlPlane;
import io.tuneplane.config.ClusterSettings.Gpu;
import io.tuneplane.config.ClusterSettings.Images;
import io.tuneplane.config.ClusterSettings.Queue;
import io.tuneplane.config.ClusterSettings.Serving;
import io.tuneplane.config.ClusterSettings.Times;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads a cluster's settings.
final class ClusterReader {

  /// The settings, but those of kinds of GPU.
  static final Set<String> KEYS =
      Set.of(
          "kubernetes.namespace",
          "kubernetes.kubeconfig",
          "kubernetes.context",
          "kubernetes.location",
          "kubernetes.queue",
          "kubernetes.priority_class",
          "kubernetes.images.trl",
          "kubernetes.images.djl",
          "kubernetes.images.vllm",
          "kubernetes.images.pull_secret",
          "kubernetes.models_claim",
          "kubernetes.deadline_hours",
          "kubernetes.kept_hours",
          "kubernetes.serving.replicas",
          "kubernetes.serving.sequences",
          "kubernetes.serving.context",
          "kubernetes.serving.adapters",
          "kubernetes.serving.rank",
          "control_plane.url",
          "control_plane.ca_file");

  private static final String GPUS = "kubernetes.gpus.";
  private static final String SELECTOR = "node_selector.";

  private final Values values;
  private final Map<String, String> file;
  private final List<String> problems;

  /// Reads one setting and parses it, and keeps what is wrong with it.
  interface Values {
    <T> Optional<T> value(String key, Function<String, T> parser);
  }

  ClusterReader(Values values, Map<String, String> file, List<String> problems) {
    this.values = values;
    this.file = file;
    this.problems = problems;
  }

  /// Whether a key of the file is one of a kind of GPU.
  static boolean isGpu(String key) {
    return key.matches(
        "kubernetes\\.gpus\\.[^.]+\\.(memory|resource|tolerations|node_selector\\..+)");
  }

  ClusterSettings read() {
    Optional<Boolean> onPrem = values.value("kubernetes.location", ClusterValues::onPrem);
    return new ClusterSettings(
        values.value("kubernetes.namespace", ClusterValues::label),
        new Access(
            values.value("kubernetes.kubeconfig", Path::of),
            values.value("kubernetes.context", Function.identity())),
        onPrem.orElse(false),
        new Queue(
            values.value("kubernetes.queue", ClusterValues::name),
            values.value("kubernetes.priority_class", ClusterValues::label)),
        images(),
        values.value("kubernetes.models_claim", ClusterValues::name),
        controlPlane(),
        new Times(
            values
                .value("kubernetes.deadline_hours", ClusterValues::hours)
                .orElse(Times.DEFAULT.deadline()),
            values
                .value("kubernetes.kept_hours", ClusterValues::hours)
                .orElse(Times.DEFAULT.kept())),
        gpus(),
        serving());
  }

  private Images images() {
    return new Images(
        values.value("kubernetes.images.trl", ClusterValues::image),
        values.value("kubernetes.images.djl", ClusterValues::image),
        values.value("kubernetes.images.vllm", ClusterValues::image),
        values.value("kubernetes.images.pull_secret", ClusterValues::name));
  }

  private ControlPlane controlPlane() {
    Optional<URI> url = values.value("control_plane.url", ClusterValues::https);
    return new ControlPlane(url, values.value("control_plane.ca_file", Path::of));
  }

  private Serving serving() {
    Serving usual = Serving.DEFAULT;
    return new Serving(
        number("replicas", 100, usual.replicas()),
        number("sequences", 4096, usual.sequences()),
        number("context", 1 << 21, usual.context()),
        number("adapters", 1024, usual.adapters()),
        number("rank", 512, usual.rank()));
  }

  private int number(String name, int most, int usual) {
    return values
        .value("kubernetes.serving." + name, text -> ClusterValues.number(text, most))
        .orElse(usual);
  }

  private List<Gpu> gpus() {
    Set<String> names = new TreeSet<>();
    for (String key : file.keySet()) {
      if (key.startsWith(GPUS)) {
        names.add(key.substring(GPUS.length()).replaceFirst("\\..*", ""));
      }
    }
    return names.stream().flatMap(name -> gpu(name).stream()).toList();
  }

  private Optional<Gpu> gpu(String name) {
    String prefix = GPUS + name + ".";
    if (!name.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")) {
      problems.add(GPUS + name + ": expected [a-z0-9-], 1 to 40 characters");
      return Optional.empty();
    }
    Map<String, String> selector = selector(prefix + SELECTOR);
    if (selector.isEmpty()) {
      problems.add(prefix + "node_selector: needed, so that pods find the nodes");
    }
    return Optional.of(
        new Gpu(
            name,
            values.value(prefix + "resource", ClusterValues::resource).orElse(Gpu.NVIDIA),
            values.value(prefix + "memory", ClusterValues::bytes),
            selector,
            values.value(prefix + "tolerations", ClusterValues::tolerations).orElse(List.of())));
  }

  private Map<String, String> selector(String prefix) {
    Map<String, String> selector = new TreeMap<>();
    file.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        try {
          selector.put(
              ClusterValues.labelKey(key.substring(prefix.length())),
              ClusterValues.labelValue(value));
        } catch (IllegalArgumentException e) {
          problems.add(key + ": " + e.getMessage());
        }
      }
    });
    return selector;
  }
}
