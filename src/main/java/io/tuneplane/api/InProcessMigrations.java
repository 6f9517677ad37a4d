package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobResult;
import io.tuneplane.job.JobStore;
import io.tuneplane.job.TunedModel;
import io.tuneplane.job.TunedModels;
import io.tuneplane.migration.AccountImport;
import io.tuneplane.migration.ImportReport;
import io.tuneplane.migration.Likeness;
import io.tuneplane.migration.MigrationException;
import io.tuneplane.migration.ParityRecorder;
import io.tuneplane.migration.ParityRecorder.Recording;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Moves what a caller's organisation has. Safe for many threads.
public final class InProcessMigrations implements MigrationsApi {

  private final Caller caller;
  private final Map<String, AccountImport> accounts;
  private final JobStore jobs;
  private final TunedModels models;
  private final ParityRecorder parity;

  /// @param caller whose jobs are imported
  /// @param accounts what can be imported from, by the place's name
  /// @param parity asks old models
  public InProcessMigrations(
      Caller caller,
      Map<String, AccountImport> accounts,
      JobStore jobs,
      TunedModels models,
      ParityRecorder parity) {
    this.caller = caller;
    this.accounts = Map.copyOf(accounts);
    this.jobs = jobs;
    this.models = models;
    this.parity = parity;
  }

  @Override
  public ImportReport importFrom(String backend) throws IOException {
    AccountImport account =
        Optional.ofNullable(accounts.get(backend))
            .orElseThrow(() ->
                wrong("from", "must be one of " + accounts.keySet().stream().sorted().toList()));
    return account.run(caller.organisation());
  }

  @Override
  public Likeness like(String job, Likeness.Wish wish) {
    return Likeness.of(find(job), wish);
  }

  @Override
  public Recording recordParity(String id, int prompts, boolean termsConfirmed)
      throws IOException, InterruptedException {
    Job job = find(id);
    TunedModel model =
        job.result()
            .map(JobResult::tunedModel)
            .flatMap(name -> models.find(caller.organisation(), name))
            .orElseThrow(() -> new NotFoundException("tuned model of job", id));
    try {
      return parity.record(job, model, prompts, termsConfirmed);
    } catch (MigrationException e) {
      throw wrong("parity", String.valueOf(e.getMessage()));
    }
  }

  private Job find(String id) {
    return jobs.find(caller.organisation(), id)
        .orElseThrow(() -> new NotFoundException("job", id))
        .job();
  }

  private static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }
}
