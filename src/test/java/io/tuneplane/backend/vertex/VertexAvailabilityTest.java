package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.vertex.VertexFake.Answer;
import io.tuneplane.config.Settings;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether a job would be taken, and what to do first.
class VertexAvailabilityTest {

  @TempDir private Path directory;
  private GooglePlace place;

  @BeforeEach
  void open() throws IOException {
    place = new GooglePlace(directory);
  }

  @AfterEach
  void close() {
    place.close();
  }

  @Test
  void whatIsMissingIsNamedAndNothingIsAsked() throws IOException {
    VertexSettings none = VertexSettings.of(Settings.Vertex.NONE, directory);
    try (VertexTraining backend =
        new VertexTraining(
            none,
            GooglePlace::book,
            GooglePlace.clock(),
            () -> {
              throw new AssertionError("credentials are not looked for");
            })) {
      assertThat(backend.availability())
          .isInstanceOfSatisfying(
              Availability.NeedsSetup.class,
              n ->
                  assertThat(n.step())
                      .contains("vertex.project", "vertex.location", "vertex.bucket"));
      var spec = place.spec();
      assertThatThrownBy(() ->
              backend.submit(
                  spec,
                  new SubmissionKey("m"),
                  GooglePlace.leave("vertex", GooglePlace.DIGEST, "training")))
          .isInstanceOf(BackendException.Unauthorized.class)
          .hasMessageContaining("vertex.bucket");
    }
  }

  @Test
  void withoutCredentialsItSaysHowToSignIn() {
    try (VertexTraining backend =
        new VertexTraining(
            place.settings(),
            GooglePlace::book,
            GooglePlace.clock(),
            () -> {
              throw new IOException("no credentials");
            })) {
      assertThat(backend.availability())
          .isInstanceOfSatisfying(
              Availability.NeedsSetup.class,
              n -> assertThat(n.step()).contains("gcloud auth application-default login"));
    }
  }

  @Test
  void aProjectWithoutAJobIsUnverifiedUntilACreateAnswers() throws IOException {
    try (VertexTraining backend = place.training()) {
      assertThat(backend.availability()).isInstanceOf(Availability.Unverified.class);

      backend.submit(
          place.spec(),
          new SubmissionKey("m"),
          GooglePlace.leave("vertex", GooglePlace.DIGEST, "training"));

      assertThat(backend.availability()).isEqualTo(new Availability.Ready());
    }
  }

  @Test
  void aProjectThatTunedBeforeIsReadyAndAskedOnceAMinute() {
    place.vertex.strangersJob();
    try (VertexTraining backend = place.training()) {
      assertThat(backend.availability()).isEqualTo(new Availability.Ready());
      assertThat(backend.availability()).isEqualTo(new Availability.Ready());
    }
    assertThat(place.vertex.requests("GET", "/tuningJobs"))
        .hasSize(1)
        .allSatisfy(r -> assertThat(r.query()).contains("pageSize=1"));
  }

  @Test
  void noPermissionIsSetUpAndAnOutageIsNot() {
    place.vertex.plan("list", Answer.error(403, "PERMISSION_DENIED", "API is disabled"));
    try (VertexTraining backend = place.training()) {
      assertThat(backend.availability())
          .isInstanceOfSatisfying(
              Availability.NeedsSetup.class,
              n -> assertThat(n.step()).contains("API is disabled", "roles/aiplatform.user"));
    }
    place.vertex.plan("list", Answer.error(503, "UNAVAILABLE", "blip"));
    try (VertexTraining backend = place.training()) {
      assertThat(backend.availability()).isInstanceOf(Availability.Unverified.class);
    }
  }

  @Test
  void whereEveryModelHasStoppedTheDoorIsClosed() throws IOException {
    try (VertexTraining backend =
        new VertexTraining(
            place.settings(),
            VertexAvailabilityTest::allStopped,
            GooglePlace.clock(),
            GooglePlace::credentials)) {
      assertThat(backend.availability())
          .isEqualTo(
              new Availability.Closed(
                  "every model that Vertex AI tuned has stopped",
                  Optional.of(LocalDate.parse("2026-11-01"))));
    }
  }

  private static PriceBook allStopped() {
    StringBuilder over = new StringBuilder("managed:\n  vertex:\n    models:\n");
    for (String model :
        Objects.requireNonNull(GooglePlace.book().managed().get("vertex")).models().keySet()) {
      over.append(
          "      %s:\n        end: {date: 2026-11-01, kind: announced, source: test, read_on: 2026-11-01}\n"
              .formatted(model));
    }
    try (var in = PriceBook.class.getResourceAsStream("book.yaml")) {
      String base = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return PriceBooks.parse(
          new PriceBooks.Text("book.yaml", base),
          List.of(new PriceBooks.Text("over.yaml", over.toString())));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
