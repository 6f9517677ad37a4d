package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.ClearanceCheck;
import io.tuneplane.backend.CompletionStream;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.kubernetes.sizing.ServingNeed;
import io.tuneplane.backend.kubernetes.sizing.ServingSizer;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.policy.Clearance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Serves base and tuned models with vLLM: one Deployment for each base and configuration, its
/// adapters loaded through each pod. What is to be served is on the disk; what a pod holds is asked
/// of the pod. Safe for many threads.
public final class KubernetesServing implements ServingBackend {

  private static final String NAME = KubernetesTraining.NAME;

  /// A catalogue's or a hub's name: what may stand in a path of a volume.
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?");

  private final ClusterSettings settings;
  private final Bases bases;
  private final ClearanceCheck clearances;
  private final ClusterAccess access;
  private final ServedModels models;
  private final Servers servers;

  /// @param directory where deployments are kept
  public KubernetesServing(
      ClusterSettings settings, Path directory, Bases bases, InstantSource clock) {
    this.settings = settings;
    this.bases = bases;
    this.clearances = new ClearanceCheck(NAME, clock);
    this.access = new ClusterAccess(settings, Connector::connect, clock);
    this.models = new ServedModels(directory.resolve("deployments"));
    this.servers = new Servers(settings, access, models, clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DeploymentHandle deploy(DeploymentSpec spec) {
    return with(
        "deploy",
        () -> {
          ServedModel model = serve("deploy", spec);
          return new DeploymentHandle(NAME, model.id());
        });
  }

  private ServedModel serve(String operation, DeploymentSpec spec)
      throws IOException, ClusterException {
    requireSetUp(operation);
    if (!PLAIN.matcher(spec.baseModel()).matches()) {
      throw rejected(
          operation, "model", "a cluster serves catalogue and hub models, not " + spec.baseModel());
    }
    try (BaseModel base = bases.open(spec.baseModel())) {
      Optional<AdapterFolder> adapter = adapter(operation, spec, base.digest());
      VllmServer server = server(operation, spec, base);
      ServedModel model =
          new ServedModel(
              spec.name(),
              spec.baseModel(),
              base.digest(),
              server.name(),
              adapter.map(a -> a.path().toAbsolutePath().toString()).orElse(null),
              adapter.map(AdapterFolder::digest).orElse(null));
      models.put(model);
      servers.make(server);
      return model;
    } catch (ModelException e) {
      throw rejected(operation, "model", String.valueOf(e.getMessage()));
    }
  }

  private void requireSetUp(String operation) {
    if (settings.namespace().isEmpty() || settings.images().vllm().isEmpty()) {
      throw rejected(
          operation,
          "kubernetes",
          "nothing is served there: set kubernetes.namespace and kubernetes.images.vllm");
    }
    if (settings.modelsClaim().isEmpty()) {
      throw rejected(
          operation,
          "kubernetes.models_claim",
          "is needed: servers read base models from that volume claim");
    }
  }

  private Optional<AdapterFolder> adapter(String operation, DeploymentSpec spec, String baseDigest)
      throws IOException {
    if (spec.tuned().isEmpty()) {
      return Optional.empty();
    }
    return switch (AdapterFolder.of(spec.tuned().get(), baseDigest)) {
      case AdapterFolder.Found.Fit(AdapterFolder adapter) -> {
        int rank = adapter.rank();
        if (rank > settings.serving().rank()) {
          throw rejected(
              operation,
              "lora_rank",
              "is %d, and servers take %d at most (kubernetes.serving.rank)"
                  .formatted(rank, settings.serving().rank()));
        }
        yield Optional.of(adapter);
      }
      case AdapterFolder.Found.Unfit(Problem problem) ->
          throw rejected(operation, problem.field(), problem.message());
    };
  }

  private VllmServer server(String operation, DeploymentSpec spec, BaseModel base)
      throws IOException, ClusterException {
    ClusterSettings.Serving how = settings.serving().within(base.config().maxPositions());
    ServingNeed need =
        new ServingNeed(
            base.config().shape(), how.sequences(), how.context(), how.adapters(), how.rank());
    ClusterView cluster = access.gpus();
    ServingSizer.Replica replica =
        new ServingSizer(cluster.types())
            .size(need)
            .orElseThrow(() ->
                rejected(
                    operation,
                    "model",
                    "no node here holds a server of %s: it needs %s; there are %s"
                        .formatted(
                            spec.baseModel(),
                            String.join("; ", need.memory(1).lines()),
                            cluster.words())));
    PodResources resources =
        new PodResources(
            cluster.kind(replica.gpu().name()).map(ClusterView.Nodes::gpu),
            replica.gpus(),
            Placement.CPUS_PER_GPU * replica.gpus(),
            Placement.HOST_BYTES * replica.gpus() + 2 * base.config().shape().parameters());
    return new VllmServer(spec.baseModel(), base.digest(), how, resources);
  }

  @Override
  public DeploymentState observe(DeploymentHandle handle) {
    return with(
        "observe",
        () -> {
          Optional<ServedModel> model = models.find(handle.remoteId());
          return model.isEmpty() ? new DeploymentState.Gone() : servers.state(model.get());
        });
  }

  @Override
  public void undeploy(DeploymentHandle handle) {
    with(
        "undeploy",
        () -> {
          Optional<ServedModel> model = models.find(handle.remoteId());
          if (model.isPresent()) {
            models.remove(handle.remoteId());
            servers.release(model.get());
          }
          return model;
        });
  }

  @Override
  public ChatSummary chat(
      DeploymentHandle handle, ChatRequest request, Clearance clearance, ChatSink sink) {
    clearances.prompt(clearance, handle);
    return with(
        "chat",
        () -> {
          ServedModel model =
              models
                  .find(handle.remoteId())
                  .orElseThrow(() ->
                      new BackendException.RunLost(
                          NAME, "chat", "no deployment " + handle.remoteId()));
          return servers.chat(model, request, new CompletionStream(KubernetesTraining.NAME, sink));
        });
  }

  @Override
  public GateResult gate(DeploymentSpec spec) {
    return with(
        "gate",
        () -> {
          List<JsonNode> golden = Golden.read(spec);
          ServedModel model = serve("gate", spec);
          return Golden.measure(golden, servers.any(model, "gate"), model.served());
        });
  }

  private static BackendException rejected(String operation, String field, String message) {
    return new BackendException.Rejected(NAME, operation, List.of(new Problem(field, message)));
  }

  private interface Action<T> {
    T run() throws IOException, ClusterException;
  }

  private static <T> T with(String operation, Action<T> action) {
    try {
      return action.run();
    } catch (ClusterException e) {
      throw Failures.translate(operation, e);
    } catch (IOException e) {
      throw Failures.translate(operation, e);
    }
  }

  /// Ends connections; servers go on.
  @Override
  public void close() {
    servers.close();
    access.close();
  }
}
