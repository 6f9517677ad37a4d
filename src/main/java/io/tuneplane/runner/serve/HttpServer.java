package io.tuneplane.runner.serve;

import io.helidon.common.configurable.Resource;
import io.helidon.common.tls.TlsConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.tuneplane.runner.serve.ServeSettings.Listen;
import io.tuneplane.runner.serve.ServeSettings.TlsFiles;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP side of a served model.
final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final int MAX_CONNECTIONS = 1024;
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration READ = Duration.ofSeconds(30);

  private final WebServer server;

  private HttpServer(WebServer server) {
    this.server = server;
  }

  /// Starts to listen.
  static HttpServer start(
      ServedModel model, ServeSettings settings, BearerToken token, InstantSource clock) {
    ChatRoute chat = new ChatRoute(model, clock, new SecureRandom());
    ModelRoutes models = new ModelRoutes(model, clock.instant());
    ScoreRoute score = new ScoreRoute(model, settings.decoder().precision());
    HttpRouting.Builder routing =
        HttpRouting.builder()
            .addFilter(new Access(token))
            .error(ApiException.class, HttpServer::refuse)
            .error(UncheckedIOException.class, HttpServer::hangUp)
            .error(Throwable.class, HttpServer::fail)
            .get(Access.HEALTH, (request, response) -> health(model, response));
    chat.routes(routing);
    models.routes(routing);
    score.routes(routing);
    routing.any((request, response) -> {
      throw ApiException.notFound("Not Found");
    });
    return new HttpServer(configure(settings.listen(), routing).build().start());
  }

  private static WebServerConfig.Builder configure(Listen listen, HttpRouting.Builder routing) {
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(listen.host())
            .port(listen.port())
            .maxTcpConnections(MAX_CONNECTIONS)
            .idleConnectionTimeout(IDLE)
            .shutdownHook(false)
            // Without this, each token of a stream waits for the client's delayed acknowledgement.
            .connectionOptions(o -> o.tcpNoDelay(true).readTimeout(READ))
            .routing(routing);
    listen.tls().ifPresent(files -> builder.tls(tls -> secure(tls, files)));
    return builder;
  }

  private static void secure(TlsConfig.Builder tls, TlsFiles files) {
    tls.privateKey(keys -> keys.pem(pem -> pem.key(Resource.create(files.key()))))
        .privateKeyCertChain(
            keys -> keys.pem(pem -> pem.certChain(Resource.create(files.certificate()))));
  }

  private static void health(ServedModel model, ServerResponse response) {
    response.status(model.engine().closing() ? 503 : 200).send();
  }

  private static void refuse(ServerRequest request, ServerResponse response, ApiException error) {
    if (error.status() == 429) {
      response.header("Retry-After", "1");
    }
    Bodies.send(response, error.status(), ApiJson.error(error));
  }

  private static void hangUp(
      ServerRequest request, ServerResponse response, UncheckedIOException error) {
    LOG.debug("The client left", error);
  }

  private static void fail(ServerRequest request, ServerResponse response, Throwable error) {
    LOG.error("A request failed", error);
    Bodies.send(response, 500, ApiJson.error(ApiException.internal("Internal Server Error")));
  }

  /// The port that it listens on.
  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
