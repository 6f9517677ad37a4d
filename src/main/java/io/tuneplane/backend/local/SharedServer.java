package io.tuneplane.backend.local;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/// One server, the adapters that it has loaded, and when it was last asked. Safe for many threads.
final class SharedServer implements AutoCloseable {

  private final ServerProcess process;
  private final ServerClient client;
  private final InstantSource clock;
  private final Set<String> adapters = new HashSet<>();
  private int busy;
  private Instant lastAsked;

  SharedServer(ServerProcess process, HttpClient http, InstantSource clock) {
    this.process = process;
    this.client = new ServerClient(http, process);
    this.clock = clock;
    this.lastAsked = clock.instant();
  }

  /// Something to ask the server.
  interface Question<T> {
    T ask(ServerClient client, String model) throws IOException;
  }

  /// Asks about a deployed model; its adapter is loaded first if need be.
  <T> T ask(DeploymentRecord deployment, Question<T> question) throws IOException {
    begin();
    try {
      return question.ask(client, model(deployment));
    } finally {
      end();
    }
  }

  private synchronized String model(DeploymentRecord deployment) throws IOException {
    if (deployment.adapterPath() == null) {
      return "base";
    }
    if (!adapters.contains(deployment.id())) {
      client.loadAdapter(deployment.id(), deployment.adapterPath());
      adapters.add(deployment.id());
    }
    return deployment.id();
  }

  synchronized boolean has(String adapter) {
    return adapters.contains(adapter);
  }

  synchronized void unload(String adapter) throws IOException {
    if (adapters.remove(adapter)) {
      client.unloadAdapter(adapter);
    }
  }

  synchronized void touch() {
    lastAsked = clock.instant();
  }

  private synchronized void begin() {
    busy++;
    touch();
  }

  private synchronized void end() {
    busy--;
    touch();
  }

  synchronized boolean idleFor(Duration time) {
    return busy == 0 && !clock.instant().isBefore(lastAsked.plus(time));
  }

  boolean alive() {
    return process.alive();
  }

  @Override
  public void close() {
    process.close();
  }
}
