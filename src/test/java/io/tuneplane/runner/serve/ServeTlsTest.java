package io.tuneplane.runner.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.model.TinyLlama;
import io.tuneplane.runner.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server beyond this machine: with a certificate, and only to those who trust it.
class ServeTlsTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;

  @Test
  void answersOverTlsAlone() throws Exception {
    KeyStore keys = selfSigned();
    Certificate certificate = keys.getCertificate("server");
    Path pem = pem("CERTIFICATE", certificate.getEncoded());
    Path key = pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());

    PipedOutputStream parent = new PipedOutputStream();
    PipedInputStream out = new PipedInputStream();
    PrintStream printed = new PrintStream(new PipedOutputStream(out), true, UTF_8);
    ServeCommand command =
        new ServeCommand(
            new PipedInputStream(parent), printed, System.err, () -> Instant.EPOCH.plusSeconds(1));
    CompletableFuture<ExitCode> exit = new CompletableFuture<>();
    List<String> arguments = arguments(pem, key);
    Thread.ofPlatform().start(() -> exit.complete(command.run(arguments)));
    String port = new BufferedReader(new InputStreamReader(out, UTF_8)).readLine().substring(6);

    try (HttpClient knows = HttpClient.newBuilder().sslContext(trusting(certificate)).build();
        HttpClient stranger = HttpClient.newHttpClient()) {
      assertThat(status(knows, "https://127.0.0.1:" + port)).isEqualTo(200);
      assertThatThrownBy(() -> status(stranger, "https://127.0.0.1:" + port))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> status(stranger, "http://127.0.0.1:" + port))
          .isInstanceOf(IOException.class);
    } finally {
      parent.close();
    }
    assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
  }

  private static int status(HttpClient client, String address) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/v1/models"))
            .header("Authorization", "Bearer a-secret")
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private List<String> arguments(Path certificate, Path key) throws IOException {
    return List.of(
        "--model",
        TinyLlama.seeded(3).writeFolder(folder.resolve("tiny")).toString(),
        "--token-file",
        Files.writeString(folder.resolve("token"), "a-secret\n").toString(),
        "--tls-certificate",
        certificate.toString(),
        "--tls-key",
        key.toString(),
        "--quantization",
        "fp32",
        "--threads",
        "1",
        "--exit-on-eof");
  }

  private KeyStore selfSigned() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=tiny",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  private static SSLContext trusting(Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private Path pem(String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(kind.replace(' ', '-') + ".pem"),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, body, kind));
  }
}
