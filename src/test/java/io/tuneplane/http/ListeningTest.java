package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the server listens, and with which certificate.
@Timeout(60)
class ListeningTest {

  @TempDir Path folder;

  private HttpServer start(String host, Optional<TlsFiles> tls) {
    return HttpServer.start(
        new Surroundings(
            _ -> {
              throw new AssertionError("nobody has a key");
            },
            _ -> Optional.empty(),
            TestServer.runners(folder),
            new MemoryReplies(),
            new Surroundings.State("1", Optional::empty, Map::of),
            InstantSource.system(),
            Thread::sleep),
        HttpSettings.on(host, 0),
        tls);
  }

  private static int status(HttpClient client, String url)
      throws IOException, InterruptedException {
    HttpRequest ask = HttpRequest.newBuilder(URI.create(url + "/healthz")).build();
    return client.send(ask, BodyHandlers.discarding()).statusCode();
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, http://127.0.0.1:", "127.0.0.1, http://127.0.0.1:"})
  void theAddressThatIsToldCanBeConnectedTo(String host, String told) throws Exception {
    try (HttpServer server = start(host, Optional.empty());
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(server.url()).startsWith(told);
      assertThat(status(client, server.url())).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aServerWithACertificateSpeaksTlsToThoseWhoTrustItAndNothingElse(String algorithm)
      throws Exception {
    SelfSigned own = SelfSigned.in(folder, algorithm, "ip:127.0.0.1");
    TlsFiles files = new TlsFiles(own.certificate(), own.key());
    try (HttpServer server = start("127.0.0.1", Optional.of(files));
        HttpClient knows = HttpClient.newBuilder().sslContext(own.trusting()).build();
        HttpClient stranger = HttpClient.newHttpClient()) {
      assertThat(server.url()).startsWith("https://127.0.0.1:");
      assertThat(status(knows, server.url())).isEqualTo(200);
      assertThatThrownBy(() -> status(stranger, server.url()))
          .isInstanceOf(javax.net.ssl.SSLException.class);
      assertThatThrownBy(() -> status(stranger, server.url().replace("https", "http")))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aCertificateThatCanNotBeUsedIsNamedWithItsSetting() throws Exception {
    SelfSigned own = SelfSigned.in(folder, "RSA", "ip:127.0.0.1");
    SelfSigned other = SelfSigned.in(folder, "RSA", "ip:127.0.0.2");
    Path garbage = Files.writeString(folder.resolve("garbage.pem"), "no certificate\n");

    refused(own.certificate(), other.key(), "server.tls_key: .*is not the key of");
    refused(folder.resolve("none.pem"), own.key(), "server.tls_cert: .*none.pem can't be read");
    refused(garbage, own.key(), "server.tls_cert: .*garbage.pem is no certificate chain in PEM");
    refused(own.certificate(), garbage, "server.tls_key: .*is no private key without a password");
    refused(own.key(), own.key(), "server.tls_cert: .*is no certificate chain in PEM");
  }

  private void refused(Path certificate, Path key, String words) {
    assertThatThrownBy(
            () -> start("127.0.0.1", Optional.of(new TlsFiles(certificate, key))).close())
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching("(?s)settings: " + words + ".*");
  }
}
