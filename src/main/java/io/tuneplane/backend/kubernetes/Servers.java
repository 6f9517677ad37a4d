package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.CompletionStream;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.OkHttpClient;

/// The vLLM servers of a cluster, and which adapters their pods hold. What a pod holds is asked of
/// the pod, whenever it matters: a pod that was restarted has forgotten all of them, and gets those
/// that are needed back before it is asked anything. Safe for many threads.
final class Servers {

  /// How long an adapter whose files are there may take to be loaded.
  private static final Duration LOADING = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(100);

  private final ClusterSettings settings;
  private final ClusterAccess access;
  private final ServedModels models;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, OkHttpClient> clients = new ConcurrentHashMap<>();
  private final Map<String, Long> used = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final AtomicLong turn = new AtomicLong();
  private final AtomicLong uses = new AtomicLong();

  Servers(
      ClusterSettings settings, ClusterAccess access, ServedModels models, InstantSource clock) {
    this.settings = settings;
    this.access = access;
    this.models = models;
    this.clock = clock;
  }

  /// Makes a server's objects, or makes them what they should be.
  void make(VllmServer server) throws IOException, ClusterException {
    Cluster cluster = access.cluster();
    if (cluster.get(Kind.SECRET, server.name()).isEmpty()) {
      ServerSecrets fresh = ServerSecrets.make(server.name(), clock.instant(), random);
      cluster.ensure(Kind.SECRET, server.secret(fresh));
    }
    cluster.apply(Kind.NETWORK_POLICY, server.networkPolicy());
    cluster.apply(Kind.SERVICE, server.service());
    cluster.apply(Kind.DISRUPTION_BUDGET, server.disruptionBudget());
    cluster.apply(Kind.DEPLOYMENT, server.deployment(settings));
  }

  /// Takes a model that is no longer deployed out of its server, and the server away with the last.
  void release(ServedModel model) throws IOException, ClusterException {
    if (models.of(model.server()).isEmpty()) {
      for (Kind kind :
          List.of(
              Kind.DEPLOYMENT,
              Kind.DISRUPTION_BUDGET,
              Kind.SERVICE,
              Kind.NETWORK_POLICY,
              Kind.SECRET)) {
        access.cluster().delete(kind, model.server());
      }
    } else if (model.adapter().isPresent()) {
      for (VllmPod pod : ready(model.server())) {
        drop(pod, model.served());
      }
    }
  }

  private void drop(VllmPod pod, String adapter) throws IOException {
    ReentrantLock lock = lock(pod);
    lock.lock();
    try {
      Map<String, String> wanted = new TreeMap<>(pod.state().wanted());
      if (wanted.remove(adapter) != null) {
        pod.want(wanted);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether a model answers; loads it where it is missing.
  DeploymentState state(ServedModel model) throws IOException, ClusterException {
    List<VllmPod> ready = ready(model.server());
    for (VllmPod pod : ready) {
      hold(pod, model);
    }
    return ready.isEmpty()
        ? new DeploymentState.Starting(waiting(model.server()))
        : new DeploymentState.Ready(ready.size(), settings.serving().replicas());
  }

  /// A pod that holds the model.
  ///
  /// @throws BackendException.Unavailable if there is none yet
  VllmPod any(ServedModel model, String operation) throws IOException, ClusterException {
    List<VllmPod> ready = ready(model.server());
    if (ready.isEmpty()) {
      throw new BackendException.Unavailable(
          KubernetesTraining.NAME,
          operation,
          "no server of %s is ready: %s".formatted(model.baseModel(), waiting(model.server())));
    }
    VllmPod pod = ready.get((int) (turn.getAndIncrement() % ready.size()));
    hold(pod, model);
    return pod;
  }

  /// Asks a pod that holds the model. A pod that has forgotten it meanwhile gets it back and is
  /// asked again, as long as nobody has heard a piece of the answer.
  ChatSummary chat(ServedModel model, ChatRequest request, CompletionStream pieces)
      throws IOException, ClusterException {
    used.put(model.served(), uses.incrementAndGet());
    for (int i = 0; i < 2; i++) {
      try {
        return any(model, "chat").chat(model.served(), request, pieces);
      } catch (VllmPod.UnknownModelException _) {
        // Its pod was restarted between the two calls.
      } catch (IOException e) {
        if (pieces.started() || i > 0) {
          throw e;
        }
      }
    }
    throw new BackendException.Unavailable(
        KubernetesTraining.NAME, "chat", "the server loses its adapters; try again");
  }

  /// Makes a pod hold the model, unless it does already.
  private void hold(VllmPod pod, ServedModel model) throws IOException {
    if (model.adapter().isEmpty()) {
      return;
    }
    ReentrantLock lock = lock(pod);
    lock.lock();
    try {
      VllmPod.State state = pod.state();
      if (!model.digest().equals(state.loaded().get(model.served()))) {
        bring(pod, wanted(model));
        awaitLoaded(pod, model);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The models that a pod is to hold, by the names that it knows them by.
  private Map<String, ServedModel> wanted(ServedModel needed) throws IOException {
    Map<String, ServedModel> deployed = new TreeMap<>();
    models.of(needed.server()).stream()
        .filter(m -> m.adapter().isPresent())
        .forEach(m -> deployed.put(m.served(), m));
    deployed.putIfAbsent(needed.served(), needed);
    Set<String> names =
        WantedAdapters.of(
            needed.served(), List.copyOf(deployed.keySet()), used, settings.serving().adapters());
    deployed.keySet().retainAll(names);
    return deployed;
  }

  private static void bring(VllmPod pod, Map<String, ServedModel> wanted) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    wanted.forEach((name, model) -> digests.put(name, model.digest()));
    if (!pod.want(digests)) {
      for (ServedModel model : wanted.values()) {
        pod.bring(model.digest(), model.adapter().orElseThrow());
      }
      if (!pod.want(digests)) {
        throw new IOException(pod.name() + " loses what it is sent");
      }
    }
  }

  private static void awaitLoaded(VllmPod pod, ServedModel model) throws IOException {
    long deadline = System.nanoTime() + LOADING.toNanos();
    VllmPod.State state = pod.state();
    while (!model.digest().equals(state.loaded().get(model.served()))) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "%s has not loaded %s: %s".formatted(pod.name(), model.name(), state.trouble()));
      }
      LockSupport.parkNanos(LOOK.toNanos());
      state = pod.state();
    }
  }

  private ReentrantLock lock(VllmPod pod) {
    return locks.computeIfAbsent(pod.name(), _ -> new ReentrantLock());
  }

  private List<VllmPod> ready(String server) throws IOException, ClusterException {
    Optional<JsonNode> secret = access.cluster().get(Kind.SECRET, server);
    List<VllmPod> ready = new ArrayList<>();
    if (secret.isEmpty()) {
      return ready;
    }
    ServerSecrets secrets = ServerSecrets.of(secret.get());
    OkHttpClient http = client(secrets.certificate());
    for (JsonNode pod : access.serverPods(server)) {
      boolean leaving = !Json.text(pod, "metadata", "deletionTimestamp").isEmpty();
      if (!leaving && PodEnd.condition(pod, "Ready").isPresent()) {
        ready.add(new VllmPod(http, Json.text(pod, "metadata", "name"), address(pod), secrets));
      }
    }
    return ready;
  }

  private OkHttpClient client(String certificate) throws IOException {
    OkHttpClient known = clients.get(certificate);
    if (known == null) {
      known = PinnedHttp.of(certificate);
      clients.put(certificate, known);
    }
    return known;
  }

  private static String address(JsonNode pod) {
    JsonNode container = pod.path("spec").path("containers").path(0);
    int port = container.path("ports").path(0).path("containerPort").asInt(VllmServer.PORT);
    String ip = Json.text(pod, "status", "podIP");
    return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
  }

  /// What its pods wait for, in the cluster's words.
  private String waiting(String server) throws IOException, ClusterException {
    List<JsonNode> pods = access.serverPods(server);
    for (JsonNode pod : pods) {
      for (JsonNode container : pod.path("status").path("containerStatuses")) {
        JsonNode waiting = container.path("state").path("waiting");
        if (!waiting.isMissingNode()) {
          return Json.text(waiting, "reason") + " " + Json.text(waiting, "message");
        }
      }
      for (JsonNode condition : pod.path("status").path("conditions")) {
        if (condition.path("type").asText().equals("PodScheduled")
            && condition.path("status").asText().equals("False")) {
          return Json.text(condition, "message");
        }
      }
    }
    return "0/%d replicas ready, %d pods there"
        .formatted(settings.serving().replicas(), pods.size());
  }

  /// Ends connections.
  void close() {
    for (OkHttpClient client : clients.values()) {
      client.dispatcher().executorService().shutdownNow();
      client.connectionPool().evictAll();
    }
  }
}
