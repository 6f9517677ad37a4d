package io.tuneplane.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tuneplane.backend.BackendException;
import io.tuneplane.job.ImportedJob;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobStatus;
import io.tuneplane.job.StoredFile;
import io.tuneplane.job.TunedModel;
import io.tuneplane.migration.ImportReport.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountImportTest {

  @TempDir Path directory;
  private OldAccount account;

  @BeforeEach
  void open() throws IOException {
    account = new OldAccount(directory);
  }

  @AfterEach
  void close() {
    account.close();
  }

  @Test
  void allThatTheAccountHoldsIsHere() throws Exception {
    ImportReport report = account.run();

    assertThat(report.count(Outcome.ADDED)).isEqualTo(3);
    assertThat(report.files()).isEqualTo(2);
    assertThat(jobs())
        .extracting(Job::id)
        .containsExactly(account.running, account.failed, account.succeeded);
    assertThat(jobs()).allMatch(ImportedJob::is);
    Job job = job(account.succeeded);
    assertThat(job.state().status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.request().model().name()).contains(OldAccount.BASE);
    assertThat(job.request().model().suffix()).contains("support");
    assertThat(job.request().model().seed()).contains(11L);
    assertThat(job.request().model().hyperparameters().epochs().value()).contains(3);
    assertThat(job.request().model().hyperparameters().learningRateMultiplier().value())
        .contains(1.8);
    assertThat(job.request().metadata()).containsEntry("team", "support");
    assertThat(job(account.failed).state().error().orElseThrow().code())
        .isEqualTo("invalid_training_file");
    assertThat(job(account.running).state().status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void filesAreHereByteForByteAndOnceEach() throws Exception {
    account.run();

    List<StoredFile> files =
        account.files.list(OldAccount.ORGANISATION, Optional.empty(), Optional.empty(), 10);
    StoredFile training = file(job(account.succeeded).request().trainingFile());
    assertThat(files)
        .extracting(StoredFile::filename)
        .containsExactlyInAnyOrder("support.jsonl", "held-out.jsonl");
    assertThat(Files.readString(account.files.content(training)))
        .startsWith("{\"messages\":[{\"role\":\"user\",\"content\":\"question 0\"}")
        .hasLineCount(12);
    assertThat(job(account.failed).request().trainingFile()).isEqualTo(training.id());
  }

  @Test
  void eventsCheckpointsAndTheModelAreHere() throws Exception {
    account.run();

    List<JobEvent> events = account.jobs.events(account.succeeded, 0, 100);
    assertThat(events).extracting(JobEvent::seq).isSorted().startsWith(1L);
    assertThat(events).filteredOn(e -> e.type() == JobEvent.Type.METRICS).hasSize(6);
    assertThat(account.jobs.checkpoints(account.succeeded, Optional.empty(), 10))
        .extracting(JobCheckpoint::step)
        .containsExactly(6L, 3L);
    String name = job(account.succeeded).result().orElseThrow().tunedModel();
    TunedModel model = account.models.find(OldAccount.ORGANISATION, name).orElseThrow();
    assertThat(name).startsWith("ft:gpt-4o-mini-2024-07-18:");
    assertThat(model.backend()).isEqualTo("openai");
    assertThat(model.trained().remoteName()).isEqualTo(name);
  }

  @Test
  void importedTwiceIsTheSame() throws Exception {
    account.run();
    List<Job> before = jobs();
    List<JobEvent> events = account.jobs.events(account.running, 0, 1000);

    ImportReport again = account.run();

    assertThat(again.count(Outcome.UNCHANGED)).isEqualTo(3);
    assertThat(again.files()).isZero();
    assertThat(jobs()).isEqualTo(before);
    assertThat(account.jobs.events(account.running, 0, 1000)).isEqualTo(events);
  }

  @Test
  void whatHasMovedOnIsUpdated() throws Exception {
    account.run();
    long before = metrics();
    account.host.advance(Duration.ofSeconds(5));

    ImportReport again = account.run();

    assertThat(again.count(Outcome.UPDATED)).isEqualTo(1);
    assertThat(account.jobs.events(account.running, 0, 1000))
        .extracting(JobEvent::seq)
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(metrics()).isEqualTo(before + 5);
    account.host.advance(Duration.ofSeconds(2000));
    account.run();
    assertThat(job(account.running).state().status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aJobThatCameSinceBringsItsFilesOnlyIfTheyAreNew() throws Exception {
    account.run();
    account.host.addJob(
        new JsonMapper()
            .readTree(
                "{\"model\": \"%s\", \"training_file\": \"%s\", \"method\": {\"type\": \"dpo\"}}"
                    .formatted(OldAccount.BASE, account.training)),
        3,
        Optional.empty());

    ImportReport again = account.run();

    assertThat(again.count(Outcome.ADDED)).isEqualTo(1);
    assertThat(again.files()).isZero();
  }

  @Test
  void anImportThatBrokeOffBringsNoFileTwice() throws Exception {
    account.host.failNextLook(account.succeeded);
    assertThatThrownBy(() -> account.run()).isInstanceOf(BackendException.class);
    assertThat(files()).hasSize(2);

    ImportReport again = account.run();

    assertThat(again.count(Outcome.ADDED)).isEqualTo(3);
    assertThat(again.files()).isZero();
    assertThat(files()).hasSize(2);
  }

  @Test
  void whatWeAskedForOurselvesIsNoOldJob() throws Exception {
    account.run();
    Job asked =
        Job.asked(
            "ftjob-Ours",
            OldAccount.ORGANISATION,
            "key-1",
            job(account.succeeded).request(),
            account.host.instant());
    account.jobs.create(asked, List.of(), account.host.instant());
    account.host.addJob(
        new JsonMapper()
            .readTree(
                "{\"model\": \"%s\", \"training_file\": \"%s\", \"method\": {\"type\": \"supervised\"}, \"metadata\": {\"tuneplane_mark\": \"ftjob-ours\"}}"
                    .formatted(OldAccount.BASE, account.training)),
        3,
        Optional.empty());

    ImportReport report = account.run();

    assertThat(report.jobs().getLast().outcome()).isEqualTo("skipped");
    assertThat(report.jobs().getLast().notes().getFirst()).contains("job ftjob-Ours");
  }

  @Test
  void nobodyWorksOnAnImportedJob() throws Exception {
    account.run();

    assertThat(account.jobs.wakeAt(account.running)).isEmpty();
    assertThat(account.jobs.due(Instant.parse("9999-12-31T00:00:00Z"), 10)).isEmpty();
  }

  @Test
  void aFileThatIsGoneIsToldAndTheJobIsHereAllTheSame() throws Exception {
    account.host.forgetFile(account.validation);

    ImportReport report = account.run();

    assertThat(report.count(Outcome.ADDED)).isEqualTo(3);
    assertThat(report.jobs().getFirst().notes())
        .containsExactly("openai no longer has " + account.validation);
  }

  @Test
  void whatIsNeitherSupervisedNorDpoIsSkippedWithItsReason() throws Exception {
    account.host.addJob(
        new JsonMapper()
            .readTree(
                "{\"model\": \"o4-mini\", \"training_file\": \"%s\", \"method\": {\"type\": \"reinforcement\"}}"
                    .formatted(account.training)),
        3,
        Optional.empty());

    ImportReport report = account.run();

    assertThat(report.jobs().getLast().outcome()).isEqualTo("skipped");
    assertThat(report.jobs().getLast().notes().getFirst()).contains("neither supervised nor dpo");
  }

  @Test
  void anotherOrganisationsJobIsNotTouched() throws Exception {
    account.run();

    ImportReport theirs =
        new AccountImport(
                account.history, account.backend, account.jobs, account.files, account.host)
            .run("another");

    assertThat(theirs.count(Outcome.SKIPPED)).isEqualTo(3);
    assertThat(account.jobs.list("another", Optional.empty(), 10, Map.of())).isEmpty();
  }

  @Test
  void anAccountThatCanNotBeAskedIsAnError() throws Exception {
    account.host.close();

    assertThatThrownBy(() -> account.run()).isInstanceOf(BackendException.Unavailable.class);
  }

  private List<Job> jobs() {
    return account.jobs.list(OldAccount.ORGANISATION, Optional.empty(), 10, Map.of());
  }

  private Job job(String id) {
    return account.jobs.find(OldAccount.ORGANISATION, id).orElseThrow().job();
  }

  private List<StoredFile> files() {
    return account.files.list(OldAccount.ORGANISATION, Optional.empty(), Optional.empty(), 10);
  }

  private long metrics() {
    return account.jobs.events(account.running, 0, 1000).stream()
        .filter(e -> e.type() == JobEvent.Type.METRICS)
        .count();
  }

  private StoredFile file(String id) {
    return account.files.find(OldAccount.ORGANISATION, id).orElseThrow();
  }
}
