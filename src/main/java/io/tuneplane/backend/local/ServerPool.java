package io.tuneplane.backend.local;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.local.DeploymentRecord.ServerKey;
import io.tuneplane.config.Settings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The servers of this process: one a base model and precision, started with the first request,
/// started again when it has died, and ended when nobody has asked anything for a while. Safe for
/// many threads.
final class ServerPool implements AutoCloseable {

  /// How long a server without requests keeps its memory.
  static final Duration IDLE = Duration.ofMinutes(10);

  private static final Duration SWEEP = Duration.ofSeconds(30);

  private final RunnerCommand command;
  private final Settings.Local settings;
  private final Machine machine;
  private final Path directory;
  private final InstantSource clock;
  private final HttpClient http;
  private final ScheduledExecutorService sweeper;
  private final Map<ServerKey, SharedServer> servers = new HashMap<>();
  private boolean closed;

  ServerPool(
      RunnerCommand command,
      Settings.Local settings,
      Machine machine,
      Path directory,
      InstantSource clock) {
    this.command = command;
    this.settings = settings;
    this.machine = machine;
    this.directory = directory;
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tuneplane-local-servers").factory());
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::endIdle, SWEEP.toSeconds(), SWEEP.toSeconds(), TimeUnit.SECONDS);
  }

  /// A living server for the key; started if there is none. Starting one keeps others waiting, so
  /// that two models never load at once into memory that was free for one.
  ///
  /// @throws BackendException if it does not come up
  synchronized SharedServer get(ServerKey key) throws IOException {
    if (closed) {
      throw new BackendException.Unavailable(LocalTraining.NAME, "chat", "shutting down");
    }
    SharedServer known = servers.get(key);
    if (known != null && known.alive()) {
      known.touch();
      return known;
    }
    Threading threading = Threading.choose(settings.spin(), settings.threads(), machine);
    ServerProcess process = ServerProcess.start(command, threading, key, directory);
    SharedServer server = new SharedServer(process, http, clock);
    servers.put(key, server);
    return server;
  }

  /// Whether a living server has the adapter loaded; for the base itself, whether there is one.
  synchronized boolean ready(DeploymentRecord deployment) {
    SharedServer server = servers.get(deployment.server());
    return server != null
        && server.alive()
        && (deployment.adapterPath() == null || server.has(deployment.id()));
  }

  /// Takes an adapter out of the server that has it, if one has.
  void unload(DeploymentRecord deployment) throws IOException {
    SharedServer server;
    synchronized (this) {
      server = servers.get(deployment.server());
    }
    if (server != null && server.alive()) {
      server.unload(deployment.id());
    }
  }

  /// Ends the servers that nobody has asked anything for a while.
  synchronized void endIdle() {
    for (ServerKey key : List.copyOf(servers.keySet())) {
      SharedServer server = servers.get(key);
      if (server != null && server.idleFor(IDLE)) {
        servers.remove(key);
        server.close();
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    sweeper.shutdownNow();
    servers.values().forEach(SharedServer::close);
    servers.clear();
    http.shutdownNow();
  }
}
