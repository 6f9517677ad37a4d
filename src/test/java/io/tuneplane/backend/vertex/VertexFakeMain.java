package io.tuneplane.backend.vertex;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// A [VertexFake] and a [GcsFake] as a process of their own, whose jobs move on every second: for
/// trying the commands by hand, and for `.ci/managed`. Writes a service account's file, whose
/// tokens it gives out itself, and prints the settings for a server. Ends with its standard input.
///
/// `java -cp 'target/classes:target/lib/*'
/// src/test/java/io/tuneplane/backend/vertex/VertexFakeMain.java FOLDER`
final class VertexFakeMain {

  private static final long TICK_MILLIS = 1000;

  private VertexFakeMain() {}

  public static void main(String[] args)
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    HttpServer tokens =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tokens.createContext("/token", VertexFakeMain::token);
    tokens.start();
    try (VertexFake vertex = new VertexFake();
        GcsFake storage = new GcsFake()) {
      Path account = Path.of(args[0]).resolve("service-account.json");
      Files.writeString(account, account(tokens.getAddress().getPort()));
      System.out.printf(
          """
          GOOGLE_APPLICATION_CREDENTIALS=%s
          TUNEPLANE_VERTEX_PROJECT=p
          TUNEPLANE_VERTEX_LOCATION=us-central1
          TUNEPLANE_VERTEX_BUCKET=gs://bucket/tuneplane
          TUNEPLANE_VERTEX_ENDPOINT=%s
          TUNEPLANE_VERTEX_STORAGE_ENDPOINT=%s

          """,
          account.toAbsolutePath(), vertex.address(), storage.address());
      Thread.ofVirtual().start(() -> run(vertex));
      while (System.in.read() >= 0) {
        // Until whoever started it goes away.
      }
    } finally {
      tokens.stop(0);
    }
  }

  private static void run(VertexFake vertex) {
    try {
      while (true) {
        Thread.sleep(TICK_MILLIS);
        vertex.tick();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void token(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] body =
          "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":3600}"
              .formatted(VertexFake.TOKEN)
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String account(int port) throws NoSuchAlgorithmException {
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
    pairs.initialize(2048);
    String key =
        Base64.getEncoder().encodeToString(pairs.generateKeyPair().getPrivate().getEncoded());
    return """
    {"type": "service_account", "project_id": "p", "private_key_id": "1",
     "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
     "client_email": "tuneplane@p.iam.gserviceaccount.com", "client_id": "1",
     "token_uri": "http://127.0.0.1:%d/token"}
    """
        .formatted(key, port);
  }
}
