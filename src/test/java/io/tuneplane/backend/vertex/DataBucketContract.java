package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the upload promises, against whatever speaks Cloud Storage's protocol at an address.
abstract class DataBucketContract {

  /// More than one piece of an upload.
  static final int BIG = 12 << 20;

  @TempDir Path directory;

  /// Where the storage is; it has an empty bucket named `bucket`.
  abstract URI address() throws Exception;

  /// How many bytes of content arrived since the test began.
  abstract long bytesReceived() throws Exception;

  /// Puts an object into the bucket, by another way.
  abstract void store(String name, byte[] content) throws Exception;

  /// An object of the bucket, if it is there.
  abstract Optional<byte[]> stored(String name) throws Exception;

  @Test
  void whatWasSentIsThereAndNamedByItsContent() throws Exception {
    ConvertedData.Lines lines = lines(BIG, 1);

    String uri = put(lines);

    assertThat(uri).isEqualTo("gs://bucket/data/" + lines.sha256() + ".jsonl");
    assertThat(stored(name(lines))).contains(Files.readAllBytes(lines.file()));
  }

  @Test
  void theSameContentIsSentOnce() throws Exception {
    ConvertedData.Lines lines = lines(2000, 2);

    String first = put(lines);
    long received = bytesReceived();
    String second = put(lines);

    assertThat(second).isEqualTo(first);
    assertThat(bytesReceived()).isEqualTo(received);
  }

  @Test
  void anObjectOfThatNameWithOtherContentIsRefused() throws Exception {
    ConvertedData.Lines lines = lines(2000, 3);
    store(name(lines), "something else".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> put(lines))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("is there with other content");
  }

  @Test
  void aWrongChecksumIsRefusedAndNothingIsStored() throws Exception {
    ConvertedData.Lines right = lines(2000, 4);
    ConvertedData.Lines wrong =
        new ConvertedData.Lines(right.file(), right.bytes(), "0".repeat(64), "AAAAAA==");

    assertThatThrownBy(() -> put(wrong)).isInstanceOf(BackendException.Rejected.class);

    assertThat(stored(name(wrong))).isEmpty();
  }

  @Test
  void aBucketThatIsNotThereIsNamed() throws Exception {
    VertexSettings settings = settings("nobodys-bucket");
    try (GoogleClients clients = new GoogleClients(settings, GooglePlace::credentials, false)) {
      DataBucket nobodys = new DataBucket(clients.storage(), settings);

      assertThatThrownBy(nobodys::check)
          .isInstanceOf(BackendException.Rejected.class)
          .hasMessageContaining("there is no bucket gs://nobodys-bucket");
    }
  }

  String put(ConvertedData.Lines lines) throws Exception {
    try (GoogleClients clients =
        new GoogleClients(settings("bucket"), GooglePlace::credentials, false)) {
      return new DataBucket(clients.storage(), settings("bucket")).put(lines);
    }
  }

  VertexSettings settings(String bucket) throws Exception {
    return VertexSettings.of(
        new Settings.Vertex(
            Optional.of("p"),
            Optional.of("us-central1"),
            Optional.of(bucket),
            "data",
            Optional.empty(),
            Optional.of(address())),
        directory);
  }

  ConvertedData.Lines lines(int bytes, int seed) throws IOException {
    StringBuilder text = new StringBuilder("{\"messages\":[{\"role\":\"user\",\"content\":\"");
    Random random = new Random(seed);
    while (text.length() < bytes) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    text.append("\"},{\"role\":\"assistant\",\"content\":\"yes\"}]}\n");
    Path source = Files.writeString(directory.resolve("source.jsonl"), text);
    return ConvertedData.of(source, directory).lines();
  }

  static String name(ConvertedData.Lines lines) {
    return "data/" + lines.sha256() + ".jsonl";
  }
}
