package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.SubmissionKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The upload against the stand-in, and what a job is told when the bucket is not as it should be.
class DataBucketTest extends DataBucketContract {

  private GooglePlace place;

  @BeforeEach
  void open() throws IOException {
    place = new GooglePlace(directory);
  }

  @AfterEach
  void close() {
    place.close();
  }

  @Override
  URI address() {
    return place.gcs.address();
  }

  @Override
  long bytesReceived() {
    return place.gcs.bytesReceived();
  }

  @Override
  void store(String name, byte[] content) {
    place.gcs.put(name, content);
  }

  @Override
  Optional<byte[]> stored(String name) {
    return Optional.ofNullable(place.gcs.objects().get(name));
  }

  @Test
  void aBrokenUploadGoesOnWhereItStopped() throws Exception {
    ConvertedData.Lines lines = lines(BIG, 5);
    place.gcs.breakAfter(9 << 20);

    put(lines);

    assertThat(stored("data/" + lines.sha256() + ".jsonl"))
        .contains(Files.readAllBytes(lines.file()));
    assertThat(bytesReceived()).as("less than twice the file").isLessThan(2L * BIG - (6 << 20));
  }

  @Test
  void whatWasSpoiltOnTheWayIsNoObject() throws Exception {
    place.gcs.corrupt();
    ConvertedData.Lines lines = lines(2000, 6);

    assertThatThrownBy(() -> put(lines))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("CRC32C")
        .hasMessageNotContaining("upload_id");
    assertThat(place.gcs.objects()).isEmpty();
  }

  @Test
  void noPermissionNamesTheRole() {
    place.gcs.refuse(403);

    assertThatThrownBy(this::submit)
        .isInstanceOf(BackendException.Unauthorized.class)
        .hasMessageContaining("roles/storage.objectUser")
        .hasMessageContaining("gs://bucket");
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"EUROPE-WEST4", "EU", "US-EAST1"})
  void aBucketInAnotherRegionIsRefusedBeforeAByteIsSent(String location) {
    place.gcs.location(location);

    assertThatThrownBy(this::submit)
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining(location)
        .hasMessageContaining("us-central1");
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"US", "US-CENTRAL1"})
  void aBucketWhereTheTuningRunsIsTaken(String location) {
    place.gcs.location(location);

    submit();

    assertThat(place.vertex.jobs()).isEqualTo(1);
  }

  @Test
  void aRedirectToAnotherHostGetsNoCredentials() throws Exception {
    try (GcsFake elsewhere = new GcsFake()) {
      place.gcs.redirect(elsewhere.address() + "/storage/v1/b/bucket");

      assertThatThrownBy(this::submit).isInstanceOf(BackendException.Unavailable.class);

      assertThat(elsewhere.requests()).isZero();
    }
  }

  @Test
  void theConvertedFileIsRemovedHoweverItEnds() throws IOException {
    submit();
    place.gcs.refuse(403);
    assertThatThrownBy(() -> submit("another-mark"))
        .isInstanceOf(BackendException.Unauthorized.class);

    try (Stream<Path> left = Files.list(directory.resolve("vertex"))) {
      assertThat(left).isEmpty();
    }
  }

  private void submit() {
    submit("mark");
  }

  private void submit(String mark) {
    try (VertexTraining backend = place.training()) {
      backend.submit(
          place.spec(),
          new SubmissionKey(mark),
          GooglePlace.leave("vertex", GooglePlace.DIGEST, "training"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void assertNothingLeft() {
    assertThat(place.gcs.objects()).isEmpty();
    assertThat(place.gcs.bytesReceived()).isZero();
    assertThat(place.vertex.jobs()).isZero();
  }

  @Test
  void checksumsAreThoseOfCloudStorage() throws IOException {
    ConvertedData.Lines lines = lines(100, 7);

    assertThat(lines.crc32c()).isEqualTo(GcsFake.crc32c(Files.readAllBytes(lines.file())));
    assertThat(lines.bytes()).isEqualTo(Files.size(lines.file()));
    assertThat(List.of(lines.sha256().length(), lines.crc32c().length()))
        .isEqualTo(Arrays.asList(64, 8));
  }
}
