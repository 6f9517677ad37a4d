package io.tuneplane.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Kubernetes cluster as a backend: settings that begin with `kubernetes.` and `control_plane.`.
/// Every name in here has been held against Kubernetes' own grammar for it.
///
/// @param namespace where jobs run and models are served; empty where no cluster is set up
/// @param access how the API server is reached
/// @param onPrem whether the operator says that nobody else holds the hardware
/// @param queue Kueue's queue, where there is one
/// @param images what pods run
/// @param modelsClaim a volume claim in the namespace that holds base models, read by pods
/// @param controlPlane how pods reach us
/// @param times how long jobs may take, and how long they are kept
/// @param gpus kinds of GPU that the cluster's own labels don't tell of
/// @param serving how models are served
public record ClusterSettings(
    Optional<String> namespace,
    Access access,
    boolean onPrem,
    Queue queue,
    Images images,
    Optional<String> modelsClaim,
    ControlPlane controlPlane,
    Times times,
    List<Gpu> gpus,
    Serving serving) {

  /// No cluster.
  public static final ClusterSettings NONE =
      new ClusterSettings(
          Optional.empty(),
          new Access(Optional.empty(), Optional.empty()),
          false,
          new Queue(Optional.empty(), Optional.empty()),
          new Images(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
          Optional.empty(),
          new ControlPlane(Optional.empty(), Optional.empty()),
          Times.DEFAULT,
          List.of(),
          Serving.DEFAULT);

  public ClusterSettings {
    gpus = List.copyOf(gpus);
  }

  /// How the API server is reached.
  ///
  /// @param kubeconfig a kubeconfig; empty for the pod's own service account, else the usual file
  /// @param context the context in it; empty for its current one
  public record Access(Optional<Path> kubeconfig, Optional<String> context) {}

  /// Kueue's part.
  ///
  /// @param name the LocalQueue that jobs are given to
  /// @param priorityClass the WorkloadPriorityClass that they have
  public record Queue(Optional<String> name, Optional<String> priorityClass) {}

  /// What pods run.
  ///
  /// @param trl the trainer for GPUs
  /// @param djl the trainer for nodes without
  /// @param vllm the server
  /// @param pullSecret the secret that the images are pulled with
  public record Images(
      Optional<String> trl,
      Optional<String> djl,
      Optional<String> vllm,
      Optional<String> pullSecret) {}

  /// How pods reach us.
  ///
  /// @param url our address as pods see it
  /// @param ca the certificate authority of our certificate, in PEM, where it is no public one
  public record ControlPlane(Optional<URI> url, Optional<Path> ca) {}

  /// How long.
  ///
  /// @param deadline a job's pods may live so long in all
  /// @param kept a Job that has ended is kept so long
  public record Times(Duration deadline, Duration kept) {

    /// A week, and a day.
    public static final Times DEFAULT = new Times(Duration.ofDays(7), Duration.ofDays(1));
  }

  /// A kind of GPU node.
  ///
  /// @param name what people call it
  /// @param resource what a pod asks for, e.g. `nvidia.com/gpu`
  /// @param memoryBytes the memory of one GPU; empty for what the nodes' labels say
  /// @param nodeSelector labels of its nodes
  /// @param tolerations taints of its nodes that our pods put up with
  public record Gpu(
      String name,
      String resource,
      Optional<Long> memoryBytes,
      Map<String, String> nodeSelector,
      List<Toleration> tolerations) {

    /// The device plugin's name for an NVIDIA GPU.
    public static final String NVIDIA = "nvidia.com/gpu";

    public Gpu {
      nodeSelector = Map.copyOf(nodeSelector);
      tolerations = List.copyOf(tolerations);
    }
  }

  /// A taint that pods put up with.
  ///
  /// @param key its key
  /// @param value its value; empty for any
  /// @param effect `NoSchedule` or `NoExecute`
  public record Toleration(String key, Optional<String> value, String effect) {}

  /// How models are served.
  ///
  /// @param replicas servers of one base model
  /// @param sequences answered at once by one server
  /// @param context the longest prompt and answer together, in tokens
  /// @param adapters adapters that one server holds at once
  /// @param rank the highest rank that they may have
  public record Serving(int replicas, int sequences, int context, int adapters, int rank) {

    /// Two servers; 16 conversations of 8192 tokens; 8 adapters of rank 64 at most.
    public static final Serving DEFAULT = new Serving(2, 16, 8192, 8, 64);

    /// The same for a model whose context is no longer than this.
    public Serving within(int longest) {
      return new Serving(replicas, sequences, Math.min(context, longest), adapters, rank);
    }
  }
}
