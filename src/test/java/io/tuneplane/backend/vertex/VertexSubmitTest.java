package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.backend.vertex.VertexFake.Answer;
import io.tuneplane.backend.vertex.VertexFake.FakeScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked of Vertex AI for a job, and that nothing is asked twice.
class VertexSubmitTest {

  private static final SubmissionKey KEY = new SubmissionKey("job-1-a1");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path directory;
  private GooglePlace place;
  private VertexTraining backend;

  @BeforeEach
  void open() throws IOException {
    place = new GooglePlace(directory);
    backend = place.training();
  }

  @AfterEach
  void close() {
    backend.close();
    place.close();
  }

  @Test
  void aSupervisedJobIsAskedForAsTheApiDescribes() throws IOException {
    TrainingSpec spec =
        asked(
            Method.SUPERVISED,
            resource("chat.jsonl"),
            Optional.of(resource("chat.jsonl")),
            Map.of("Team Ω", "Support EU", "tuneplane-mark", "mine"));

    RunHandle run = submit(spec);

    String uri = "gs://bucket/" + place.gcs.objects().keySet().iterator().next();
    assertThat(run.remoteId()).isEqualTo(VertexFake.PARENT + "/tuningJobs/1000");
    assertThat(created("/v1/"))
        .isEqualTo(
            JSON.readTree(
                """
                {"baseModel": "gemini-3.5-flash",
                 "supervisedTuningSpec": {
                   "trainingDatasetUri": "%s", "validationDatasetUri": "%s",
                   "hyperParameters": {
                     "epochCount": 3, "learningRateMultiplier": 0.5, "adapterSize": "ADAPTER_SIZE_FOUR"}},
                 "tunedModelDisplayName": "support",
                 "labels": {"tuneplane-mark": "job-1-a1", "tuneplane-mark-2": "mine",
                            "team__": "support_eu"}}
                """
                    .formatted(uri, uri)));
  }

  @Test
  void aPreferenceJobIsAskedForAsTheApiDescribes() throws IOException {
    submit(asked(Method.DPO, resource("pairs.jsonl"), Optional.empty(), Map.of()));

    JsonNode body = created("/v1beta1/");
    assertThat(body.has("supervisedTuningSpec")).isFalse();
    assertThat(body.path("preferenceOptimizationSpec").path("hyperParameters"))
        .isEqualTo(
            JSON.readTree(
                """
                {"epochCount": 3, "learningRateMultiplier": 0.5, "beta": 0.2,
                 "adapterSize": "ADAPTER_SIZE_FOUR"}
                """));
  }

  @Test
  void whatWasLeftToThePlaceIsLeftOut() throws IOException {
    submit(place.spec());

    assertThat(created("/v1/").at("/supervisedTuningSpec/hyperParameters"))
        .isEqualTo(JSON.readTree("{\"epochCount\": 3}"));
  }

  @ParameterizedTest
  @CsvSource({"SUPERVISED, chat", "DPO, pairs"})
  void dataArrivesInGooglesForm(Method method, String name) throws IOException {
    submit(place.spec(method, resource(name + ".jsonl")));

    byte[] object = place.gcs.objects().values().iterator().next();
    assertThat(trees(new String(object, StandardCharsets.UTF_8)))
        .isEqualTo(trees(Files.readString(resource(name + ".vertex.jsonl"))));
  }

  @Test
  void tuningGoesOnFromAModelThatWasTunedThere() throws IOException {
    RunHandle first = submit(place.spec());
    finish();
    RunState.Succeeded end = (RunState.Succeeded) backend.observe(first, Cursor.START).state();

    backend.submit(
        goingOn(end.model()),
        new SubmissionKey("job-2"),
        GooglePlace.leave("vertex", GooglePlace.DIGEST, "training"));

    assertThat(created("/v1/").at("/preTunedModel/tunedModelName").asText())
        .isEqualTo(VertexFake.PARENT + "/models/1000@1");
    assertThat(created("/v1/").has("baseModel")).isFalse();
    assertThat(end.usage().trainedTokens()).isEqualTo(3 * 4242);
    assertThat(end.usage().wallTime()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aCreateWhoseAnswerIsLostIsFoundAndNeverRepeated() throws IOException {
    place.vertex.plan("create", Answer.DROPPED);

    assertThatThrownBy(() -> submit(place.spec()))
        .isInstanceOf(BackendException.OutcomeUnknown.class);
    Optional<RunHandle> found = backend.find(KEY);
    RunHandle again = submit(place.spec());

    assertThat(found).contains(again);
    assertThat(place.vertex.requests("POST", "/tuningJobs")).hasSize(1);
    assertThat(backend.consistencyWindow()).isEqualTo(Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @CsvSource({
    "503, UNAVAILABLE, OutcomeUnknown",
    "500, INTERNAL, OutcomeUnknown",
    "504, DEADLINE_EXCEEDED, OutcomeUnknown",
    "429, RESOURCE_EXHAUSTED, Exhausted",
    "400, INVALID_ARGUMENT, Rejected",
    "404, NOT_FOUND, Rejected",
    "403, PERMISSION_DENIED, Unauthorized",
    "401, UNAUTHENTICATED, Unauthorized",
  })
  void aRefusedCreateIsMadeOnceAndSaysWhatItMeans(int status, String name, String error)
      throws IOException {
    place.vertex.plan("create", Answer.error(status, name, "Google's own words"));

    Throwable thrown = catchThrowable(() -> submit(place.spec()));

    assertThat(thrown.getClass().getSimpleName()).isEqualTo(error);
    assertThat(thrown).hasMessageContaining("Google's own words");
    assertThat(place.vertex.requests("POST", "/tuningJobs")).hasSize(1);
  }

  @Test
  void anAnswerToACreateThatCanNotBeReadMayHaveMadeAJob() throws IOException {
    place.vertex.plan("create", new Answer(200, "text/html", "<html>", Map.of()));

    assertThatThrownBy(() -> submit(place.spec()))
        .isInstanceOf(BackendException.OutcomeUnknown.class);
  }

  @Test
  void aQuotaSaysHowLongToWait() throws IOException {
    Answer quota = Answer.error(429, "RESOURCE_EXHAUSTED", "quota");
    place.vertex.plan("create", quota.with("Retry-After", "7"));
    place.vertex.plan(
        "create",
        new Answer(
            429,
            "application/json",
            "{\"error\":{\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"quota\",\"details\":"
                + "[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"9s\"}]}}",
            Map.of()));

    for (long seconds : List.of(7L, 9L)) {
      assertThatThrownBy(() -> submit(place.spec()))
          .isInstanceOfSatisfying(
              BackendException.Exhausted.class,
              e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(seconds)));
    }
  }

  @Test
  void whereNothingListensNothingWasStarted() throws IOException {
    place.vertex.close();

    assertThatThrownBy(() -> submit(place.spec())).isInstanceOf(BackendException.Unavailable.class);
  }

  @Test
  void aRunThatWasCancelledOrRemovedElsewhereIsSeen() throws IOException {
    place.vertex.nextJob(FakeScript.ENDLESS);
    RunHandle run = submit(place.spec());

    place.vertex.state(run.remoteId(), "JOB_STATE_CANCELLED");
    assertThat(backend.observe(run, Cursor.START).state()).isEqualTo(new RunState.Cancelled());

    place.vertex.forget(run.remoteId());
    assertThatThrownBy(() -> backend.observe(run, Cursor.START))
        .isInstanceOf(BackendException.RunLost.class);
  }

  @Test
  void aFailedJobKeepsGooglesWords() throws IOException {
    place.vertex.nextJob(FakeScript.SUCCEEDS.failing("Row 3: the text is empty."));
    RunHandle run = submit(place.spec());
    finish();

    assertThat(backend.observe(run, Cursor.START).state())
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            f -> {
              assertThat(f.reason().message()).isEqualTo("Row 3: the text is empty.");
              assertThat(f.reason().code()).isEqualTo("invalid_argument");
              assertThat(f.reason().retryable()).isFalse();
            });
  }

  @Test
  void aRedirectIsNotFollowedAndTheTokenGoesNowhereElse() throws IOException {
    try (VertexFake elsewhere = new VertexFake()) {
      Answer redirect =
          Answer.error(307, "MOVED", "over there")
              .with("Location", elsewhere.address() + "/v1/" + VertexFake.PARENT + "/tuningJobs");
      place.vertex.plan("create", redirect);

      assertThatThrownBy(() -> submit(place.spec())).isInstanceOf(BackendException.class);

      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @Test
  void noErrorHoldsTheToken() throws IOException {
    for (String kind : List.of("create", "create", "create")) {
      place.vertex.plan(kind, Answer.error(403, "PERMISSION_DENIED", "no"));
    }

    for (int i = 0; i < 3; i++) {
      Throwable thrown = catchThrowable(() -> submit(place.spec()));
      for (Throwable t = thrown; t != null; t = t.getCause()) {
        assertThat(t.toString()).doesNotContain(VertexFake.TOKEN);
      }
    }
    assertThat(place.settings().toString()).doesNotContain(VertexFake.TOKEN);
    assertThat(place.vertex.requests())
        .allSatisfy(r -> assertThat(r.authorization()).isEqualTo("Bearer " + VertexFake.TOKEN));
  }

  private static List<JsonNode> trees(String lines) throws IOException {
    List<JsonNode> trees = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      trees.add(JSON.readTree(line));
    }
    return trees;
  }

  private RunHandle submit(TrainingSpec spec) {
    return backend.submit(spec, KEY, GooglePlace.leave("vertex", GooglePlace.DIGEST, "training"));
  }

  private void finish() {
    for (int i = 0; i < 6; i++) {
      place.vertex.tick();
    }
  }

  private JsonNode created(String version) {
    List<VertexFake.Seen> creates = place.vertex.requests("POST", "/tuningJobs");
    assertThat(creates.getLast().path()).startsWith(version);
    return creates.getLast().body();
  }

  private TrainingSpec goingOn(TrainedModel start) throws IOException {
    TrainingSpec spec = place.spec();
    return new TrainingSpec(
        spec.baseModel(),
        spec.method(),
        spec.trainingFile(),
        spec.trainingDigest(),
        spec.validationFile(),
        spec.hyperparameters(),
        spec.seed(),
        spec.suffix(),
        Optional.of(start),
        spec.automatic(),
        spec.labels());
  }

  private static TrainingSpec asked(
      Method method, Path file, Optional<Path> validation, Map<String, String> labels) {
    return new TrainingSpec(
        GooglePlace.MODEL,
        method,
        file,
        GooglePlace.DIGEST,
        validation,
        GooglePlace.hyperparameters(3, 4),
        7,
        Optional.of("support"),
        Optional.empty(),
        Set.of("batch_size"),
        labels);
  }

  private Path resource(String name) throws IOException {
    try (var in = VertexSubmitTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return place.write(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
