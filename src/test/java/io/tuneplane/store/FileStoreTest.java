package io.tuneplane.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.Method;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.TunedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @TempDir Path dir;

  @Test
  void aJobComesBackAsItWas() {
    Job job = job("ftjob-a", NOW);
    FileJobs jobs = new FileJobs(dir.resolve("jobs"));

    jobs.save(job, List.of(event(1), event(2)));

    FileJobs reopened = new FileJobs(dir.resolve("jobs"));
    assertThat(reopened.find("default", "ftjob-a")).contains(job);
    assertThat(reopened.events("ftjob-a", 0)).containsExactly(event(1), event(2));
    assertThat(reopened.events("ftjob-a", 1)).containsExactly(event(2));
  }

  @Test
  void anotherOrganisationsJobIsNotThere() {
    FileJobs jobs = new FileJobs(dir);
    jobs.save(job("ftjob-a", NOW));

    assertThat(jobs.find("other", "ftjob-a")).isEmpty();
    assertThat(jobs.list("other")).isEmpty();
  }

  @Test
  void jobsAreListedNewestFirst() {
    FileJobs jobs = new FileJobs(dir);
    jobs.save(job("ftjob-a", NOW));
    jobs.save(job("ftjob-b", NOW.plusSeconds(1)));

    assertThat(jobs.list("default")).extracting(Job::id).containsExactly("ftjob-b", "ftjob-a");
  }

  @Test
  void eventsWithoutTheirJobDoNotCount() throws IOException {
    FileJobs jobs = new FileJobs(dir);
    jobs.save(job("ftjob-a", NOW), List.of(event(1)));
    // A crash after the events were appended, before the job was renamed into place.
    Files.writeString(
        dir.resolve("ftjob-a/events.jsonl"), "{\"seq\":2,\"at\":\"half", StandardOpenOption.APPEND);

    assertThat(jobs.events("ftjob-a", 0)).containsExactly(event(1));
    jobs.save(job("ftjob-a", NOW), List.of(event(2)));
    assertThat(jobs.events("ftjob-a", 0)).containsExactly(event(1), event(2));
  }

  @Test
  void aGapInTheEventsIsRefused() {
    FileJobs jobs = new FileJobs(dir);

    assertThatThrownBy(() -> jobs.save(job("ftjob-a", NOW), List.of(event(2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("event 2 after 0");
  }

  @Test
  void anIdThatIsAPathFindsNothing() {
    FileJobs jobs = new FileJobs(dir.resolve("jobs"));

    assertThat(jobs.find("default", "../ftjob-a")).isEmpty();
    assertThat(jobs.events("ftjob-a/../../x", 0)).isEmpty();
  }

  @Test
  void anAdapterIsCopiedWhole() throws IOException {
    Path adapter = Files.createDirectories(dir.resolve("run/adapter"));
    Files.writeString(adapter.resolve("adapter_config.json"), "{}");
    FileTunedModels models = new FileTunedModels(dir.resolve("models"));

    Path kept = models.keep("abcd1234", adapter);
    Files.delete(adapter.resolve("adapter_config.json"));

    assertThat(kept.resolve("adapter_config.json")).hasContent("{}");
  }

  @Test
  void aLinkInAnAdapterIsRefusedAndNothingIsLeft() throws IOException {
    Path adapter = Files.createDirectories(dir.resolve("run/adapter"));
    Files.createSymbolicLink(adapter.resolve("adapter_config.json"), Path.of("/etc/hostname"));
    FileTunedModels models = new FileTunedModels(dir.resolve("models"));

    assertThatThrownBy(() -> models.keep("abcd1234", adapter)).hasMessageContaining("plain file");
    assertThat(dir.resolve("models/abcd1234")).isEmptyDirectory();
  }

  @Test
  void aModelIsFoundByItsWholeNameOnly() {
    FileTunedModels models = new FileTunedModels(dir);
    TunedModel model = model("ft:smollm2-135m-instruct:default:support:abcd1234");
    models.save(model);

    assertThat(models.find("default", model.name())).contains(model);
    assertThat(models.find("other", model.name())).isEmpty();
    assertThat(models.find("default", "ft:another:default:support:abcd1234")).isEmpty();
    assertThat(models.list("default")).containsExactly(model);
  }

  private static Job job(String id, Instant at) {
    JobRequest request =
        new JobRequest(
            new JobRequest.ModelRequest(
                Optional.of("smollm2-135m-instruct"),
                Optional.empty(),
                Method.SUPERVISED,
                HyperparameterChoices.AUTO,
                Optional.of(7L),
                Optional.of("support")),
            "/data/train.jsonl",
            Optional.empty(),
            JobRequest.Placement.ANYWHERE,
            Map.of("team", "a"));
    return Job.asked(id, "default", "key-1", request, at);
  }

  private static JobEvent event(long seq) {
    return new JobEvent(
        seq,
        NOW,
        JobEvent.Type.METRICS,
        JobEvent.Level.INFO,
        "Step " + seq,
        new LinkedHashMap<>(Map.of("train_loss", 1.5)));
  }

  private static TunedModel model(String name) {
    return new TunedModel(
        name,
        "default",
        "smollm2-135m-instruct",
        "local",
        Method.SUPERVISED,
        "ftjob-a",
        NOW,
        new TrainedModel(
            "digest", Optional.of(Path.of("/m/adapter")), Optional.empty(), Optional.of("ab")),
        Set.of("hipaa"));
  }
}
