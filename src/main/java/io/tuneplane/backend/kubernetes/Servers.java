package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// The vLLM servers of a cluster, and which adapters their pods hold. What a pod holds is asked of
/// the pod, whenever it matters: a pod that was restarted has forgotten all of them, and gets those
/// that are needed back before it is asked anything. Safe for many threads.
final class Servers {

  private static final int TOKEN_BYTES = 32;

  private final ClusterSettings settings;
  private final ClusterAccess access;
  private final ServedModels models;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Long> used = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final AtomicLong turn = new AtomicLong();
  private final AtomicLong uses = new AtomicLong();

  Servers(ClusterSettings settings, ClusterAccess access, ServedModels models) {
    this.settings = settings;
    this.access = access;
    this.models = models;
  }

  /// Makes a server's objects, or makes them what they should be.
  void make(VllmServer server) throws IOException, ClusterException {
    Cluster cluster = access.cluster();
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    cluster.ensure(Kind.SECRET, server.secret(HexFormat.of().formatHex(token)));
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
        unload(pod, model.served());
      }
    }
  }

  private void unload(VllmPod pod, String adapter) throws IOException {
    ReentrantLock lock = lock(pod);
    lock.lock();
    try {
      if (pod.adapters().contains(adapter)) {
        pod.unload(adapter);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether a model answers; loads it where it is missing.
  DeploymentState state(ServedModel model) throws IOException, ClusterException {
    List<VllmPod> ready = ready(model.server());
    int holding = 0;
    for (VllmPod pod : ready) {
      hold(pod, model);
      holding++;
    }
    int replicas = settings.serving().replicas();
    return holding == 0
        ? new DeploymentState.Starting(waiting(model.server()))
        : new DeploymentState.Ready(holding, replicas);
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

  /// Asks a pod that holds the model. A pod that has forgotten it meanwhile gets it back and is asked
  /// again, as long as nobody has heard a piece of the answer.
  ChatSummary chat(ServedModel model, ChatRequest request, ChatPieces pieces)
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

  private void hold(VllmPod pod, ServedModel model) throws IOException {
    if (model.adapter().isEmpty()) {
      return;
    }
    ReentrantLock lock = lock(pod);
    lock.lock();
    try {
      Set<String> desired =
          models.of(model.server()).stream().map(ServedModel::served).collect(Collectors.toSet());
      AdapterMoves moves =
          AdapterMoves.of(
              model.served(),
              pod.adapters(),
              desired,
              used,
              settings.serving().adapters());
      for (String gone : moves.unload()) {
        pod.unload(gone);
      }
      if (moves.load().isPresent()) {
        pod.load(model.served(), model.adapter().get());
      }
    } finally {
      lock.unlock();
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
    String token =
        new String(
            Base64.getDecoder().decode(Json.text(secret.get(), "data", "token")),
            StandardCharsets.UTF_8);
    for (JsonNode pod : access.serverPods(server)) {
      boolean leaving = !Json.text(pod, "metadata", "deletionTimestamp").isEmpty();
      if (!leaving && PodEnd.condition(pod, "Ready").isPresent()) {
        ready.add(new VllmPod(access.cluster(), Json.text(pod, "metadata", "name"), token));
      }
    }
    return ready;
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
}
