package io.tuneplane.backend.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.AtomicFile;
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
import io.tuneplane.config.Settings;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.policy.Clearance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Serves base and tuned models on this machine, through the runner's server in a child process.
/// Deployments are on the disk; servers are this process's own and end with it. Safe for many
/// threads.
public final class LocalServing implements ServingBackend {

  private static final String NAME = LocalTraining.NAME;
  private static final Set<String> QUANTIZATIONS = Set.of("fp32", "int8", "int4");

  private final LocalSettings settings;
  private final BaseModels models;
  private final ClearanceCheck clearances;
  private final Deployments deployments;
  private final ServerPool servers;

  public LocalServing(
      LocalSettings settings,
      BaseModels models,
      RunnerCommand runner,
      Machine machine,
      InstantSource clock) {
    this.settings = settings;
    this.models = models;
    this.clearances = new ClearanceCheck(NAME, clock);
    this.deployments = new Deployments(settings.directory().resolve("deployments"));
    Path directory = settings.directory().resolve("servers");
    this.servers = new ServerPool(runner, settings.machine(), machine, directory, clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DeploymentHandle deploy(DeploymentSpec spec) {
    return disk(
        "deploy",
        () -> {
          DeploymentRecord deployment = resolve("deploy", spec);
          deployments.put(deployment);
          return new DeploymentHandle(NAME, deployment.id());
        });
  }

  @Override
  public Optional<DeploymentHandle> deployed(DeploymentSpec spec) {
    return disk("deployed", () -> deployments.named(spec.name()))
        .map(deployment -> new DeploymentHandle(NAME, deployment.id()));
  }

  @Override
  public DeploymentState observe(DeploymentHandle handle) {
    Optional<DeploymentRecord> found = disk("observe", () -> deployments.find(handle.remoteId()));
    if (found.isEmpty()) {
      return new DeploymentState.Gone();
    }
    Path base = Path.of(found.get().basePath());
    if (!Files.exists(base)) {
      return new DeploymentState.Broken("its base model is no longer at " + base);
    }
    return new DeploymentState.Ready(servers.ready(found.get()) ? 1 : 0, 1);
  }

  @Override
  public void undeploy(DeploymentHandle handle) {
    disk(
        "undeploy",
        () -> {
          Optional<DeploymentRecord> found = deployments.find(handle.remoteId());
          if (found.isPresent()) {
            deployments.remove(handle.remoteId());
            servers.unload(found.get());
          }
          return found;
        });
  }

  @Override
  public ChatSummary chat(
      DeploymentHandle handle, ChatRequest request, Clearance clearance, ChatSink sink) {
    clearances.prompt(clearance, handle);
    return disk(
        "chat",
        () -> {
          DeploymentRecord deployment =
              deployments
                  .find(handle.remoteId())
                  .orElseThrow(() ->
                      new BackendException.RunLost(
                          NAME, "chat", "no deployment " + handle.remoteId()));
          return chat(deployment, request, sink);
        });
  }

  // A server that died since the last request is noticed by this one: then another is started, as
  // long as the caller has not seen a piece of the answer.
  private ChatSummary chat(DeploymentRecord deployment, ChatRequest request, ChatSink sink)
      throws IOException {
    CompletionStream stream = new CompletionStream(LocalTraining.NAME, sink);
    SharedServer server = servers.get(deployment.server());
    try {
      return server.ask(deployment, (client, model) -> client.chat(model, request, stream));
    } catch (IOException e) {
      if (stream.started() || server.alive()) {
        throw e;
      }
      return servers
          .get(deployment.server())
          .ask(deployment, (client, model) -> client.chat(model, request, stream));
    }
  }

  @Override
  public GateResult gate(DeploymentSpec spec) {
    return disk(
        "gate",
        () -> {
          DeploymentRecord deployment = resolve("gate", spec);
          List<JsonNode> golden = golden(spec);
          JsonNode report =
              servers
                  .get(deployment.server())
                  .ask(deployment, (client, model) -> client.score(model, golden));
          GateResult result = measured(report);
          record(deployment, report);
          return result;
        });
  }

  private static List<JsonNode> golden(DeploymentSpec spec) throws IOException {
    Optional<Path> file = spec.tuned().flatMap(t -> t.golden()).filter(Files::exists);
    if (file.isEmpty()) {
      throw new BackendException.Rejected(
          NAME, "gate", List.of(new Problem("model", "training left no golden answers")));
    }
    List<JsonNode> golden = new ArrayList<>();
    for (String line : Files.readAllLines(file.get())) {
      golden.add(LocalJson.MAPPER.readTree(line));
    }
    return golden;
  }

  private static GateResult measured(JsonNode report) {
    String quantization = report.path("quantization").asText();
    long tokens = report.path("tokens").asLong();
    boolean equal = report.path("greedy_equal_tokens").asLong(-1) == tokens;
    return new GateResult.Measured(
        quantization,
        report.path("mean_abs_logprob_diff").asDouble(Double.NaN),
        report.path("bound").asDouble(Double.NaN),
        tokens,
        quantization.equals("fp32") ? Optional.of(equal) : Optional.empty());
  }

  private void record(DeploymentRecord deployment, JsonNode report) throws IOException {
    Path gates = Files.createDirectories(settings.directory().resolve("gates"));
    AtomicFile.write(gates.resolve(deployment.id() + ".json"), LocalJson.bytes(report));
  }

  private DeploymentRecord resolve(String operation, DeploymentSpec spec) throws IOException {
    Optional<String> quantization = spec.quantization().or(this::ownQuantization);
    quantization
        .filter(q -> !QUANTIZATIONS.contains(q))
        .ifPresent(q -> {
          throw rejected(
              operation, "quantization", "must be one of " + QUANTIZATIONS + ", not " + q);
        });
    try (BaseModel base = models.open(spec.baseModel())) {
      Optional<AdapterFolder> adapter = adapter(operation, spec, base.digest());
      return new DeploymentRecord(
          spec.name(),
          base.path().toAbsolutePath().toString(),
          base.digest(),
          adapter.map(a -> a.path().toAbsolutePath().toString()).orElse(null),
          adapter.map(AdapterFolder::digest).orElse(null),
          quantization.orElse(null));
    } catch (ModelException e) {
      throw rejected(operation, "model", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<AdapterFolder> adapter(
      String operation, DeploymentSpec spec, String baseDigest) throws IOException {
    if (spec.tuned().isEmpty()) {
      return Optional.empty();
    }
    return switch (AdapterFolder.of(spec.tuned().get(), baseDigest)) {
      case AdapterFolder.Found.Fit fit -> Optional.of(fit.adapter());
      case AdapterFolder.Found.Unfit unfit ->
          throw rejected(operation, unfit.problem().field(), unfit.problem().message());
    };
  }

  private Optional<String> ownQuantization() {
    Settings.Quantization own = settings.machine().quantization();
    return own == Settings.Quantization.AUTO
        ? Optional.empty()
        : Optional.of(own.name().toLowerCase(Locale.ROOT));
  }

  private static BackendException rejected(String operation, String field, String message) {
    return new BackendException.Rejected(NAME, operation, List.of(new Problem(field, message)));
  }

  /// Ends the servers that this object started.
  @Override
  public void close() {
    servers.close();
  }

  private static <T> T disk(String operation, Supervisor.Action<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw DiskErrors.translate(operation, e);
    }
  }
}
