package io.tuneplane.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that drip, or only hold connections, are cut off, and others are served meanwhile. The
/// bounds of this server: 2 s for headers, body and silence, 3 s idle, 400 connections.
@Timeout(120)
class SlowClientsTest {

  private static final long CUT_WITHIN = TimeUnit.SECONDS.toNanos(12);

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    HttpSettings usual = TestServer.settings(1 << 20);
    HttpSettings.Times times = usual.times();
    server =
        TestServer.start(
            folder,
            new HttpSettings(
                usual.host(),
                0,
                usual.sizes(),
                new HttpSettings.Crowd(400, 8, 4),
                new HttpSettings.Times(
                    times.read(),
                    times.body(),
                    Duration.ofSeconds(3),
                    times.probe(),
                    times.retries())));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(100);
    return socket;
  }

  /// Sends byte by byte until the server hangs up.
  ///
  /// @return what the server said, and whether it hung up
  private static String drip(Socket socket, String text) throws Exception {
    StringBuilder heard = new StringBuilder();
    long deadline = System.nanoTime() + CUT_WITHIN;
    OutputStream out = socket.getOutputStream();
    for (int i = 0; System.nanoTime() < deadline; i++) {
      try {
        out.write(text.charAt(i % text.length()));
        int b = socket.getInputStream().read();
        if (b < 0) {
          return heard + " hung up";
        }
        heard.append((char) b);
      } catch (SocketTimeoutException _) {
        Thread.sleep(50);
      } catch (SocketException _) {
        return heard + " hung up";
      }
    }
    return heard + " still open";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET ",
        "GET /healthz HTTP/1.1\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: "
      })
  void whoDripsTheFirstLineOrHeadersIsCutOff(String start) throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(start.getBytes(ISO_8859_1));

      assertThat(drip(socket, "abcdefgh")).endsWith("hung up");
    }
    assertThat(server.get("/healthz", "x").status()).isEqualTo(200);
  }

  @Test
  void whoDripsTheSecondRequestOfAConnectionIsCutOff() throws Exception {
    try (Socket socket = connect()) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1)).endsWith("200");
      socket.setSoTimeout(100);
      socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nX-Long: ".getBytes(ISO_8859_1));

      assertThat(drip(socket, "abcdefgh")).endsWith("hung up");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/chat/completions HTTP/1.1\r\nContent-Type: application/json\r\n",
        "POST /v1/files HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
      })
  void whoDripsABodyIsCutOff(String start) throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              (start
                      + "Host: x\r\nAuthorization: Bearer "
                      + TestServer.trainer()
                      + "\r\nContent-Length: 100000\r\n\r\n")
                  .getBytes(ISO_8859_1));

      assertThat(drip(socket, "--XX\r\n")).endsWith("hung up").doesNotContain(" 200 ", " 5");
    }
  }

  @Test
  void hundredsOfSilentConnectionsDisturbNobodyAndAreLetGo() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        silent.add(connect());
      }
      long asked = System.nanoTime();
      assertThat(server.get("/healthz", "x").status()).isEqualTo(200);
      assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(5));

      for (Socket socket : silent) {
        socket.setSoTimeout(15_000);
        assertThat(socket.getInputStream().read()).isNegative();
      }
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void moreConnectionsThanAreHeldAreNotServedUntilOthersEnd() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        silent.add(connect());
      }
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int status = 0;
    while (status != 200 && System.nanoTime() < deadline) {
      try {
        status = server.get("/healthz", "x").status();
      } catch (java.io.UncheckedIOException _) {
        Thread.sleep(200); // still as many as are held
      }
    }
    assertThat(status).isEqualTo(200);
  }
}
