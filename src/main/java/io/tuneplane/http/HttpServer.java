package io.tuneplane.http;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.time.Duration;
import java.util.Optional;

/// The server: OpenAI's routes and our own, on virtual threads. It prints nothing.
public final class HttpServer implements AutoCloseable {

  private static final Duration GRACE = Duration.ofMillis(500);
  private static final int LONGEST_REQUEST_LINE = 8192;

  private final WebServer server;
  private final HttpSettings settings;
  private final Clients clients;
  private final boolean secure;

  private HttpServer(WebServer server, HttpSettings settings, Clients clients, boolean secure) {
    this.server = server;
    this.settings = settings;
    this.clients = clients;
    this.secure = secure;
  }

  /// Starts to listen.
  ///
  /// @throws java.io.UncheckedIOException if the address is taken
  public static HttpServer start(Surroundings around, HttpSettings settings) {
    return start(around, settings, Optional.empty());
  }

  /// Starts to listen, with TLS where there is a certificate.
  ///
  /// @throws java.io.UncheckedIOException if the address is taken
  /// @throws io.tuneplane.config.ConfigException if the certificate can't be used
  public static HttpServer start(
      Surroundings around, HttpSettings settings, Optional<TlsFiles> tls) {
    Metrics metrics = new Metrics();
    Clients clients = watched(settings);
    Once once = new Once(around.replies(), around.clock(), around.pause());
    Handlers handlers = handlers(around, settings, once, metrics);
    FrontDoor door = new FrontDoor(around, settings, handlers, once, metrics, clients);
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .maxTcpConnections(settings.crowd().connections())
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            // Without this, each token of a stream waits for the client's delayed acknowledgement.
            .connectionOptions(o -> o.tcpNoDelay(true))
            .protocolsDiscoverServices(false)
            .addConnectionSelector(clients.connections())
            .directHandlers(unreadable())
            .routing(HttpRouting.builder().any(door));
    tls.ifPresent(files -> builder.tls(files::into));
    return new HttpServer(builder.build().start(), settings, clients, tls.isPresent());
  }

  private static Clients watched(HttpSettings settings) {
    HttpSettings.Times times = settings.times();
    Http1Config http1 =
        Http1Config.builder()
            .maxHeadersSize(settings.sizes().headerBytes())
            .maxPrologueLength(LONGEST_REQUEST_LINE)
            .build();
    return new Clients(
        new Stalls(times.read()), new Connections(times.read(), times.idle(), http1));
  }

  private static Handlers handlers(
      Surroundings around, HttpSettings settings, Once once, Metrics metrics) {
    Handlers handlers = new Handlers();
    new ServerRoutes(around.state(), metrics).handlers(handlers);
    new FilesRoutes(once, settings.sizes()).handlers(handlers);
    new JobsRoutes(settings.times().retries()).handlers(handlers);
    new FollowRoute(settings.times().probe()).handlers(handlers);
    new ModelsRoutes().handlers(handlers);
    new ChatRoute(around.clock(), settings).handlers(handlers);
    new QuestionsRoutes().handlers(handlers);
    new GovernanceRoutes().handlers(handlers);
    new KeysRoutes().handlers(handlers);
    new MigrationRoutes().handlers(handlers);
    handlers.requireAll();
    return handlers;
  }

  /// Requests that never become ones: a broken request line, headers that are too long.
  private static DirectHandlers unreadable() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, new Unreadable());
    }
    return handlers.build();
  }

  /// The port that it listens on.
  public int port() {
    return server.port();
  }

  /// Where a client on this machine finds it.
  public String url() {
    String host = settings.reachable();
    String address = host.contains(":") ? "[" + host + "]" : host;
    return (secure ? "https://" : "http://") + address + ":" + port();
  }

  /// Stops listening, and cuts off what is under way.
  @Override
  public void close() {
    server.stop();
    clients.close();
  }
}
