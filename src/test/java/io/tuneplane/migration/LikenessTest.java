package io.tuneplane.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.FakeBackend;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.job.HyperparameterRules;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.StoredFile;
import io.tuneplane.migration.Likeness.Wish;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LikenessTest {

  private static final Wish LOCAL =
      new Wish("local", Optional.of("smollm2-135m-instruct"), Optional.empty());

  @TempDir Path directory;
  private OldAccount account;
  private Job old;

  @BeforeEach
  void open() throws IOException {
    account = new OldAccount(directory);
    account.run();
    old = account.jobs.find(OldAccount.ORGANISATION, account.succeeded).orElseThrow().job();
  }

  @AfterEach
  void close() {
    account.close();
  }

  @Test
  void theSameDataIsTunedElsewhereWithWhatMeansTheSame() {
    JobRequest request = Likeness.of(old, LOCAL).request();

    assertThat(request.trainingFile()).isEqualTo(old.request().trainingFile());
    assertThat(request.validationFile()).isEqualTo(old.request().validationFile());
    assertThat(request.placement().backend()).isEqualTo("local");
    assertThat(request.placement().substitutes()).isFalse();
    assertThat(request.model().name()).contains("smollm2-135m-instruct");
    assertThat(request.model().suffix()).contains("support");
    assertThat(request.model().seed()).contains(11L);
    assertThat(request.model().hyperparameters().epochs().value()).contains(3);
    assertThat(request.model().hyperparameters().batchSize().value()).contains(2);
    assertThat(request.model().hyperparameters().learningRateMultiplier().value()).isEmpty();
    assertThat(request.metadata()).isEqualTo(Map.of("team", "support"));
  }

  @Test
  void whatWasCarriedOverAndWhatWasNotIsExplained() {
    assertThat(Likeness.of(old, LOCAL).explanation())
        .anyMatch(s -> s.startsWith("n_epochs 3: "))
        .anyMatch(s -> s.startsWith("batch_size 2: "))
        .anyMatch(s -> s.startsWith("learning_rate_multiplier auto (was 1.8): it multiplies"))
        .anyMatch(s -> s.startsWith("model smollm2-135m-instruct: asked for, in place of gpt-4o"));
  }

  @Test
  void withoutAModelOneOfTheSameClassWillDo() {
    JobRequest request =
        Likeness.of(old, new Wish("auto", Optional.empty(), Optional.of("new"))).request();

    assertThat(request.model().name()).contains(OldAccount.BASE);
    assertThat(request.placement().substitutes()).isTrue();
    assertThat(request.model().suffix()).contains("new");
  }

  @Test
  void inTheSamePlaceNothingChanges() {
    JobRequest request =
        Likeness.of(old, new Wish("openai", Optional.empty(), Optional.empty())).request();

    assertThat(request.model()).isEqualTo(old.request().model());
    assertThat(request.placement().substitutes()).isFalse();
  }

  @Test
  void itTrainsInAnotherPlace() throws Exception {
    JobRequest request = Likeness.of(old, LOCAL).request();
    FakePlace place = new FakePlace(account.host.instant());
    FakeBackend local = FakeBackend.of("local", Location.ON_PREM, place);
    TrainingSpec spec = spec(request);

    RunHandle run =
        local.submit(spec, new SubmissionKey("like"), TestClearances.onHardware("local"));
    place.advance(Duration.ofMinutes(1));

    assertThat(local.observe(run, Cursor.START).state()).isInstanceOf(RunState.Succeeded.class);
    assertThat(spec.trainingFile()).isRegularFile();
  }

  private TrainingSpec spec(JobRequest request) throws IOException {
    StoredFile data =
        account.files.find(OldAccount.ORGANISATION, request.trainingFile()).orElseThrow();
    Hyperparameters resolved =
        HyperparameterRules.resolve(
            request.model().hyperparameters(), request.model().method(), 12, Optional.empty());
    return new TrainingSpec(
        request.model().name().orElseThrow(),
        request.model().method(),
        account.files.content(data),
        data.sha256(),
        Optional.empty(),
        resolved,
        request.model().seed().orElseThrow(),
        request.model().suffix(),
        Optional.empty(),
        Set.of(),
        request.metadata());
  }
}
