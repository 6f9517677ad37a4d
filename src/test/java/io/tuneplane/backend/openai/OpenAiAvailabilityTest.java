package io.tuneplane.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.config.Settings;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether a job would be taken, before one is sent.
class OpenAiAvailabilityTest {

  @TempDir Path directory;
  private OpenAiPlace place;
  private OpenAiTraining training;

  @BeforeEach
  void open() throws IOException {
    place = new OpenAiPlace(directory);
    training = place.training();
  }

  @AfterEach
  void close() {
    training.close();
    place.close();
  }

  @Test
  void withoutAKeyTheSettingIsNamed() {
    try (OpenAiTraining keyless =
        new OpenAiTraining(place.settings(), Optional::empty, OpenAiPlace::book, place.host)) {
      assertThat(keyless.availability())
          .isInstanceOfSatisfying(
              Availability.NeedsSetup.class,
              needed -> assertThat(needed.step()).contains("OPENAI_API_KEY", "openai.api_key"));
    }
    assertThat(place.host.exchanges()).isEmpty();
  }

  @Test
  void aKeyThatIsRefusedIsToBeReplaced() {
    try (OpenAiTraining wrong =
        new OpenAiTraining(
            place.settings(), () -> Optional.of("sk-wrong"), OpenAiPlace::book, place.host)) {
      assertThat(wrong.availability())
          .isInstanceOfSatisfying(
              Availability.NeedsSetup.class,
              needed -> assertThat(needed.step()).contains("Incorrect API key provided"));
    }
  }

  @Test
  void nobodyKnowsBeforeAJobWasCreated() {
    assertThat(training.availability()).isInstanceOf(Availability.Unverified.class);

    submit();

    assertThat(training.availability()).isEqualTo(new Availability.Ready());
  }

  @Test
  void theHostIsAskedOnceInAWhile() {
    training.availability();
    training.availability();
    assertThat(place.host.exchanges()).hasSize(1);

    place.host.advance(OpenAiAvailability.FRESH);
    training.availability();
    assertThat(place.host.exchanges()).hasSize(2);
  }

  @Test
  void anOutageIsNoVerdict() {
    place.host.fault("GET /models", new FakeFault.Instead(FakeAnswer.error(503, null, "no")));

    assertThat(training.availability())
        .isInstanceOfSatisfying(
            Availability.Unverified.class, u -> assertThat(u.reason()).contains("503"));
    place.host.advance(OpenAiAvailability.BRIEFLY);
    training.availability();
    assertThat(place.host.exchanges()).hasSize(2);
  }

  @Test
  void whatOneKeyWasToldIsNotHeldAgainstAnother() {
    place.host.fault(
        "POST /fine_tuning/jobs",
        new FakeFault.Instead(FakeAnswer.error(403, "training_not_available", "closed")));
    assertThatThrownBy(this::submit).isInstanceOf(BackendException.Closed.class);
    assertThat(training.availability()).isInstanceOf(Availability.Closed.class);

    try (OpenAiTraining another =
        new OpenAiTraining(
            place.settings(), () -> Optional.of("sk-another"), OpenAiPlace::book, place.host)) {
      assertThat(another.availability()).isNotInstanceOf(Availability.Closed.class);
    }
  }

  @Test
  void fromItsDayOnOpenAiTakesNoJob() {
    InstantSource later = InstantSource.fixed(Instant.parse("2027-01-06T00:00:00Z"));
    try (OpenAiTraining official = official(later)) {
      assertThat(official.availability())
          .isInstanceOfSatisfying(
              Availability.Closed.class,
              closed -> assertThat(closed.since()).contains(LocalDate.parse("2027-01-06")));
    }
  }

  @Test
  void theModelsOfOpenAiAreThoseOfTheBook() {
    try (OpenAiTraining official = official(place.host)) {
      assertThat(official.capabilities().models())
          .contains("gpt-4o-mini-2024-07-18", "gpt-4.1-2025-04-14");
    }
  }

  @Test
  void aModelThatHasStoppedIsNamedWithItsDay() throws Exception {
    InstantSource later = InstantSource.fixed(Instant.parse("2027-01-14T00:00:00Z"));
    try (OpenAiTraining official = official(later)) {
      assertThat(official.check(place.spec()))
          .extracting(Problem::field, Problem::message)
          .anySatisfy(t -> assertThat(t.toString()).contains("model", "stopped on 2027-01-14"));
    }
  }

  @Test
  void whatTheHostSaysOfItsModelsEndsIsKept() {
    assertThat(training.modelEnds()).isEmpty();

    training.availability();

    assertThat(training.modelEnds())
        .containsExactly(Map.entry(OpenAiPlace.MODEL, LocalDate.parse("2027-01-14")));
  }

  @Test
  void anotherHostIsNotOpenAi() {
    try (OpenAiTraining official = official(place.host)) {
      assertThat(official.provider()).isEqualTo("openai");
    }
    assertThat(training.provider()).isEqualTo(place.host.url().getAuthority());
  }

  @Test
  void limitsAreNamedWithTheirNumbers() throws Exception {
    Path huge = directory.resolve("huge.jsonl");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength((512L << 20) + 1);
    }
    TrainingSpec spec = place.spec(Method.DPO, TestSpecs.hyperparameters(3));
    Map<String, String> labels =
        IntStream.range(0, 16).boxed().collect(Collectors.toMap(i -> "label" + i, i -> "x"));
    TrainingSpec wrong =
        new TrainingSpec(
            "llama",
            Method.DPO,
            place.data(Method.DPO, 9),
            spec.trainingDigest(),
            Optional.of(huge),
            new Hyperparameters(51, 257, 1, 0, 2.5, Optional.empty(), Optional.of("4bit")),
            1L << 31,
            Optional.of("s".repeat(65)),
            Optional.empty(),
            Set.of(),
            labels);

    List<Problem> problems = training.check(wrong);

    assertThat(problems)
        .extracting(Problem::field)
        .containsExactlyInAnyOrder(
            "model",
            "training_file",
            "validation_file",
            "hyperparameters.n_epochs",
            "hyperparameters.batch_size",
            "hyperparameters.learning_rate_multiplier",
            "hyperparameters.beta",
            "hyperparameters.quantization",
            "seed",
            "suffix",
            "metadata");
    assertThat(problems.toString())
        .contains("has 9 examples; OpenAI takes no fewer than 10")
        .contains("no more than 536,870,912 (512 MB)")
        .contains("must be 1 to 50, not 51")
        .contains("must be 1 to 256, not 257")
        .contains("above 0 and at most 2, not 2.5")
        .contains("1 to 64 characters, not 65")
        .contains("has 16 labels; at most 15");
    assertThat(place.host.exchanges()).isEmpty();
  }

  private OpenAiTraining official(InstantSource clock) {
    OpenAiSettings settings =
        new OpenAiSettings(
            Settings.OpenAi.DEFAULT_BASE_URL,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Set.of(),
            Duration.ofMinutes(10),
            directory.resolve("official"));
    return new OpenAiTraining(settings, () -> Optional.of("sk-x"), OpenAiPlace::book, clock);
  }

  private void submit() {
    try {
      TrainingSpec spec = place.spec();
      training.submit(
          spec,
          new SubmissionKey("ftjob-availability"),
          TestClearances.egress(
              "openai", spec.trainingDigest(), "training", place.host.instant().plusSeconds(60)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
