package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The upload against fake-gcs-server, with an [UnsteadyFront] before it. `.ci/gcs` builds the
/// server and runs this.
@Tag("heavy")
class FakeGcsIT extends DataBucketContract {

  @TempDir private Path root;
  private Process server;
  private UnsteadyFront front;

  @BeforeEach
  void start() throws Exception {
    String tool = System.getProperty("tuneplane.fake-gcs-server");
    assertThat(tool).as("-Dtuneplane.fake-gcs-server, see .ci/gcs").isNotNull();
    int port = freePort();
    front = new UnsteadyFront(port);
    String host = "127.0.0.1:" + front.port();
    server =
        new ProcessBuilder(
                tool,
                "-scheme",
                "http",
                "-host",
                "127.0.0.1",
                "-port",
                Integer.toString(port),
                "-backend",
                "filesystem",
                "-filesystem-root",
                root.resolve("objects").toString(),
                "-external-url",
                "http://" + host,
                "-public-host",
                host,
                "-log-level",
                "error")
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("log").toFile())
            .start();
    awaitPort(port);
    storage().create(BucketInfo.newBuilder("bucket").setLocation("US-CENTRAL1").build());
  }

  @AfterEach
  void stop() throws Exception {
    front.close();
    server.destroy();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Override
  URI address() {
    return URI.create("http://127.0.0.1:" + front.port());
  }

  @Override
  long bytesReceived() {
    return front.bytes();
  }

  @Override
  void store(String name, byte[] content) throws Exception {
    storage().create(BlobInfo.newBuilder("bucket", name).build(), content);
  }

  @Override
  Optional<byte[]> stored(String name) throws Exception {
    return Optional.ofNullable(storage().get("bucket", name)).map(Blob::getContent);
  }

  @Test
  void anUploadThatLosesItsConnectionGoesOnWhereItStopped() throws Exception {
    ConvertedData.Lines lines = lines(BIG, 5);
    front.lose(2);

    put(lines);

    assertThat(front.lost()).isEqualTo(2);
    assertThat(stored(name(lines))).contains(Files.readAllBytes(lines.file()));
    assertThat(front.bytes()).as("nothing was sent twice").isEqualTo(lines.bytes());
  }

  private Storage storage() throws Exception {
    return StorageOptions.http()
        .setHost(address().toString())
        .setProjectId("p")
        .setCredentials(NoCredentials.getInstance())
        .build()
        .getService();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort(int port) throws Exception {
    for (int i = 0; i < 200; i++) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException _) {
        assertThat(server.isAlive()).as(Files.readString(root.resolve("log"))).isTrue();
        Thread.sleep(50);
      }
    }
    throw new AssertionError(
        "fake-gcs-server does not listen: " + Files.readString(root.resolve("log")));
  }
}
