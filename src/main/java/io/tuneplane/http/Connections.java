package io.tuneplane.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// All connections: hangs up where nothing comes for long, and where a request line and its headers
/// take long altogether, however they drip in; and tells whether a client that waits for its answer
/// is still there. Safe for many threads.
final class Connections implements ServerConnectionSelector, AutoCloseable {

  private static final int LOOKS = 4;

  private final Duration longest;
  private final Duration idle;
  private final ServerConnectionSelector http1;
  private final Map<String, Wire> wires = new ConcurrentHashMap<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("http-connections").factory());

  /// @param longest how long a request's first line and headers may take altogether
  /// @param idle how long a connection is kept without a request
  /// @param http1 what the protocol is read by
  Connections(Duration longest, Duration idle, Http1Config http1) {
    this.longest = longest;
    this.idle = idle;
    this.http1 =
        Http1ConnectionSelector.builder()
            .config(
                Http1Config.builder(http1).addReceiveListener(new WhenHeadersAreWhole()).build())
            .build();
    long every = Math.max(1, longest.toMillis() / LOOKS);
    var _ = looks.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  private static final class WhenHeadersAreWhole implements Http1ConnectionListener {

    @Override
    public void headers(ConnectionContext connection, Headers headers) {
      if (connection instanceof WiredContext wired) {
        wired.wire().enter(Wire.Phase.ANSWERING);
      }
    }
  }

  @Override
  public ServerConnection connection(ConnectionContext made) {
    WiredContext wired = new WiredContext(made);
    wires.put(wired.childSocketId(), wired.wire());
    return http1.connection(wired);
  }

  /// A request was answered: what comes next on its connection is another one.
  void answered(ServerRequest request) {
    Wire wire = wires.get(request.socketId());
    if (wire != null) {
      wire.enter(Wire.Phase.IDLE);
    }
  }

  /// Whether the client of a request is still there; see [Wire#here].
  boolean here(ServerRequest request) {
    Wire wire = wires.get(request.socketId());
    return wire == null || wire.here();
  }

  private void look() {
    long now = System.nanoTime();
    wires.forEach((id, wire) -> {
      if (wire.isClosed()) {
        wires.remove(id);
      } else if (isTooLong(wire, now)) {
        wires.remove(id);
        wire.hangUp();
      }
    });
  }

  private boolean isTooLong(Wire wire, long now) {
    long waited = now - wire.since();
    return switch (wire.phase()) {
      case IDLE -> waited >= idle.toNanos();
      case INCOMING -> waited >= longest.toNanos();
      case ANSWERING -> false;
    };
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData start) {
    return http1.supports(start);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
