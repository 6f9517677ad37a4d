package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.config.ClusterSettings.Access;
import io.tuneplane.config.ClusterSettings.ControlPlane;
import io.tuneplane.config.ClusterSettings.Images;
import io.tuneplane.config.ClusterSettings.Queue;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A cluster that is not one, a tiny model and a small data set.
final class ClusterPlace implements AutoCloseable {

  final Path directory;
  final FakeCluster cluster;
  final FakeNodes nodes;

  ClusterPlace(Path directory) throws IOException {
    this.directory = directory;
    this.cluster = new FakeCluster();
    this.nodes = new FakeNodes(cluster);
    nodes.addNode("gpu-0", "NVIDIA-H100-80GB-HBM3", 8, 80);
    nodes.addNode("gpu-1", "NVIDIA-H100-80GB-HBM3", 8, 80);
    TinyLlama.seeded(1).writeFolder(directory.resolve("tiny"));
    Files.writeString(directory.resolve("data.jsonl"), examples(12));
    cluster.kubeconfig(directory);
  }

  private static String examples(int count) {
    StringBuilder examples = new StringBuilder();
    for (int i = 0; i < count; i++) {
      examples.append(
          """
          {"messages": [{"role": "user", "content": "number %d?"}, \
          {"role": "assistant", "content": "it is %d."}]}
          """
              .formatted(i, i));
    }
    return examples.toString();
  }

  ClusterSettings settings() {
    return settings(Optional.empty());
  }

  ClusterSettings settings(Optional<String> queue) {
    ClusterSettings none = ClusterSettings.NONE;
    return new ClusterSettings(
        Optional.of(FakeNodes.NAMESPACE),
        new Access(Optional.of(directory.resolve("kubeconfig")), Optional.empty()),
        true,
        new Queue(queue, Optional.empty()),
        new Images(
            Optional.of("registry.example/trl:1"),
            Optional.empty(),
            Optional.of("registry.example/vllm:1"),
            Optional.empty()),
        Optional.of("models"),
        new ControlPlane(Optional.of(URI.create("https://127.0.0.1:8686")), Optional.empty()),
        none.times(),
        none.gpus(),
        none.serving());
  }

  KubernetesTraining training() {
    return training(settings(), InstantSource.system());
  }

  KubernetesTraining training(ClusterSettings settings, InstantSource clock) {
    return new KubernetesTraining(settings, directory.resolve("k"), bases(), nodes, clock);
  }

  Bases bases() {
    return new Bases() {
      @Override
      public boolean isHere(String name) {
        return name.equals("tiny");
      }

      @Override
      public BaseModel open(String name) {
        if (!name.equals("tiny")) {
          throw new ModelException("there is no model " + name);
        }
        return Models.open(directory.resolve("tiny"));
      }
    };
  }

  RunFolder run(String mark) {
    return new RunFolder(directory.resolve("k").resolve("runs").resolve(mark));
  }

  TrainingSpec spec(int epochs) {
    return spec(TestSpecs.hyperparameters(epochs));
  }

  TrainingSpec spec(Hyperparameters hyperparameters) {
    return new TrainingSpec(
        "tiny",
        Method.SUPERVISED,
        directory.resolve("data.jsonl"),
        "d".repeat(64),
        Optional.empty(),
        hyperparameters,
        7,
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Map.of());
  }

  @Override
  public void close() {
    cluster.close();
  }
}
