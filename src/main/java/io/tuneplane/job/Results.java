package io.tuneplane.job;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tuneplane.backend.TrainedModel;
import io.tuneplane.job.JobRun.RunOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Keeps what a job leaves: weights, checkpoints, the file of its figures. Doing it twice keeps it
/// once.
final class Results {

  private static final String PURPOSE = "fine-tune-results";
  private static final int PAGE = 500;
  private static final String HEADER =
      "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n";

  private final JobStore jobs;
  private final TunedModels models;
  private final DataFiles files;

  Results(JobStore jobs, TunedModels models, DataFiles files) {
    this.jobs = jobs;
    this.models = models;
    this.files = files;
  }

  Outcome.Published publish(Job job) {
    RunOutcome left = job.run().orElseThrow().outcome().orElseThrow();
    String id = Publishing.name(job).id();
    return new Outcome.Published(
        kept(id, left.model(), left.model().adapter()),
        checkpoints(job, id, left.model()),
        List.of(figures(job)));
  }

  private TrainedModel kept(String id, TrainedModel model, Optional<Path> adapter) {
    return new TrainedModel(
        model.remoteName(),
        adapter.map(folder -> models.keep(id, folder)),
        model.golden(),
        model.baseDigest());
  }

  /// The checkpoints that can be called. Where the weights are ours, those whose folder is still
  /// there.
  private SequencedMap<Long, TrainedModel> checkpoints(Job job, String id, TrainedModel result) {
    SequencedMap<Long, TrainedModel> kept = new LinkedHashMap<>();
    for (JobCheckpoint checkpoint : jobs.checkpoints(job.id(), Optional.empty(), PAGE)) {
      TrainedModel model =
          new TrainedModel(
              checkpoint.reference(), Optional.empty(), Optional.empty(), result.baseDigest());
      if (result.adapter().isEmpty()) {
        kept.put(checkpoint.step(), model);
      } else if (Files.isDirectory(Path.of(checkpoint.reference()))) {
        Optional<Path> folder = Optional.of(Path.of(checkpoint.reference()));
        kept.put(checkpoint.step(), kept(id + "-step-" + checkpoint.step(), model, folder));
      }
    }
    return kept;
  }

  private String figures(Job job) {
    String filename = job.id() + "-metrics.csv";
    return files.list(job.organisation(), Optional.empty(), Optional.of(PURPOSE), PAGE).stream()
        .filter(file -> file.filename().equals(filename))
        .findFirst()
        .orElseGet(() -> keep(job, filename))
        .id();
  }

  private StoredFile keep(Job job, String filename) {
    try {
      byte[] csv = csv(metrics(job)).getBytes(US_ASCII);
      return files.keep(job.organisation(), filename, PURPOSE, new ByteArrayInputStream(csv));
    } catch (IOException e) {
      throw new UncheckedIOException("the file of figures can't be kept: " + e.getMessage(), e);
    }
  }

  private List<JobEvent> metrics(Job job) {
    List<JobEvent> metrics = new ArrayList<>();
    long after = 0;
    while (true) {
      List<JobEvent> page = jobs.events(job.id(), after, PAGE);
      if (page.isEmpty()) {
        return metrics;
      }
      page.stream().filter(e -> e.type() == JobEvent.Type.METRICS).forEach(metrics::add);
      after = page.getLast().seq();
    }
  }

  /// OpenAI's columns; a figure that was not measured is left empty.
  static String csv(List<JobEvent> metrics) {
    StringBuilder csv = new StringBuilder(HEADER);
    for (JobEvent event : metrics) {
      csv.append(figure(event, "step"))
          .append(',')
          .append(figure(event, "train_loss"))
          .append(',')
          .append(figure(event, "train_mean_token_accuracy"))
          .append(',')
          .append(figure(event, "valid_loss"))
          .append(',')
          .append(figure(event, "valid_mean_token_accuracy"))
          .append('\n');
    }
    return csv.toString();
  }

  private static String figure(JobEvent event, String name) {
    Object value = event.data().get(name);
    return value == null ? "" : value.toString();
  }
}
