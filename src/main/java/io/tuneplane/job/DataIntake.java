package io.tuneplane.job;

import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.dataset.DataException;
import io.tuneplane.dataset.DatasetCheck;
import io.tuneplane.dataset.DatasetCheck.Input;
import io.tuneplane.dataset.DatasetCheck.Result;
import io.tuneplane.dataset.Finding;
import io.tuneplane.job.JobState.JobError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Takes a job's data in: checks it and writes what is valid, in canonical form, into the job's own
/// folder, so that nobody can change it under a run. Safe for many threads.
public final class DataIntake {

  private final Sources sources;
  private final Path artifacts;

  /// @param sources where a job's files lie
  /// @param artifacts the folder of everything that is kept; a job's data goes into one of its own
  ///   below it
  public DataIntake(Sources sources, Path artifacts) {
    this.sources = sources;
    this.artifacts = artifacts;
  }

  /// Where a plan's file lies. A plan names files from here on, so that whoever goes on with a job
  /// finds them, be it on another machine or in a copy.
  Path kept(Path inPlan) {
    return artifacts.resolve(inPlan);
  }

  private static Path folder(String jobId) {
    return Path.of("jobs", jobId, "data");
  }

  /// Finds files by what a request calls them.
  public interface Sources {

    /// Where a file lies.
    ///
    /// @throws IOException if it is gone, or is not what it was
    Path path(String organisation, String file) throws IOException;

    /// Uploaded files, by their ids.
    static Sources of(DataFiles files) {
      return (organisation, id) ->
          files.content(
              files
                  .find(organisation, id)
                  .orElseThrow(() -> new NoSuchFileException("the file " + id + " was deleted")));
    }
  }

  /// Data that was taken in.
  ///
  /// @param training the canonical training file, from the artifacts' folder on
  /// @param validation the canonical validation file, from there too
  /// @param reports what the checks said
  public record Taken(Path training, Optional<Path> validation, Result reports) {

    CheckReport report() {
      return reports.training();
    }

    /// How many invalid examples were left out of both files.
    long leftOut() {
      return invalid(reports.training()) + reports.validation().map(DataIntake::invalid).orElse(0L);
    }
  }

  /// Checks and keeps a job's data.
  ///
  /// @throws JobFailedException with OpenAI's code for a bad file, if the data is invalid and the
  ///   job does not say that invalid examples may be left out; or if nothing valid is left
  Taken take(Job job, CheckSettings settings) {
    JobRequest request = job.request();
    try {
      Path folder = folder(job.id());
      Files.createDirectories(kept(folder));
      Path training = folder.resolve("train.jsonl");
      Optional<Path> validation =
          request.validationFile().map(_ -> folder.resolve("validation.jsonl"));
      Result result =
          new DatasetCheck(settings)
              .run(
                  new Input(path(job, request.trainingFile()), Optional.of(kept(training))),
                  validationInput(job, validation.map(this::kept)),
                  DatasetCheck.Progress.NONE);
      accept("training_file", request, request.trainingFile(), result.training());
      result
          .validation()
          .ifPresent(report ->
              accept("validation_file", request, request.validationFile().orElseThrow(), report));
      return new Taken(training, validation, result);
    } catch (DataException e) {
      throw invalid("training_file", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new JobFailedException(
          new JobError("data_not_kept", "the data can't be read or kept: " + e, Optional.empty()));
    }
  }

  private Path path(Job job, String file) throws IOException {
    return sources.path(job.organisation(), file);
  }

  private Optional<Input> validationInput(Job job, Optional<Path> target) throws IOException {
    Optional<String> file = job.request().validationFile();
    return file.isPresent()
        ? Optional.of(new Input(path(job, file.get()), target))
        : Optional.empty();
  }

  private static void accept(String param, JobRequest request, String file, CheckReport report) {
    if (report.valid() == 0) {
      throw invalid(param, file + " has no valid example" + first(report));
    }
    if (!report.ok() && !request.placement().skipInvalid()) {
      throw invalid(
          param,
          "%s has %d invalid examples of %d%s; see all with: tuneplane data check %s, or leave them out with --skip-invalid"
              .formatted(file, invalid(report), report.total(), first(report), file));
    }
  }

  private static String first(CheckReport report) {
    return report.errors().stream().findFirst().map(Finding::message).map(m -> "; " + m).orElse("");
  }

  private static long invalid(CheckReport report) {
    return report.total() - report.valid();
  }

  private static JobFailedException invalid(String param, String message) {
    return new JobFailedException(new JobError("invalid_" + param, message, Optional.of(param)));
  }
}
