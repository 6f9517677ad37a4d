package io.tuneplane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tuneplane.api.NotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server whose certificate no public authority signed.
@Timeout(60)
class TrustTest {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final byte[] UNKNOWN =
      """
      {"error":{"message":"no such job","type":"invalid_request_error","param":null,"code":"not_found"}}
      """
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private HttpsServer server;
  private Path authority;

  @BeforeEach
  void start() throws Exception {
    KeyStore keys = selfSigned();
    String encoded =
        Base64.getMimeEncoder().encodeToString(keys.getCertificate("own").getEncoded());
    authority =
        Files.writeString(
            folder.resolve("ca.crt"),
            "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(encoded));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, UNKNOWN.length);
          exchange.getResponseBody().write(UNKNOWN);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void isBelievedWhereItsAuthorityIsNamed() {
    assertThatThrownBy(() -> ask(new Trust(Optional.of(authority))))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void isNotBelievedOtherwise() {
    assertThatThrownBy(() -> ask(Trust.PUBLIC))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("not trusted")
        .hasMessageEndingWith("name its authority in TUNEPLANE_CA_FILE");
  }

  @Test
  void aFileWithoutCertificatesIsTold() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.crt"), "");
    Path words = Files.writeString(folder.resolve("words.crt"), "none of this is PEM");
    Path missing = folder.resolve("missing.crt");

    for (Path file : new Path[] {empty, words, missing}) {
      assertThatThrownBy(() -> ask(new Trust(Optional.of(file))))
          .isInstanceOf(ServerException.class)
          .hasMessageStartingWith("TUNEPLANE_CA_FILE: " + file + " can't be used")
          .hasMessageEndingWith("it has to hold certificates in PEM");
    }
  }

  private void ask(Trust trust) {
    URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    HttpApi.Here here =
        new HttpApi.Here(
            () -> {
              throw new AssertionError("no data is read here");
            },
            costs -> costs);
    try (HttpApi api =
        new HttpApi(() -> new Server(url, Optional.of("tp-key")), trust, _ -> {}, here)) {
      api.jobs().get("ftjob-1");
    }
  }

  private KeyStore selfSigned() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=own",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }
}
