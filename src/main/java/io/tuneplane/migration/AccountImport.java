package io.tuneplane.migration;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.PastJob;
import io.tuneplane.backend.PastJobs;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.job.Advance;
import io.tuneplane.job.DataFiles;
import io.tuneplane.job.ImportedJob;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobStore;
import io.tuneplane.job.JobStore.Stored;
import io.tuneplane.job.TunedModel;
import io.tuneplane.job.TunedModelName;
import io.tuneplane.migration.ImportReport.Line;
import io.tuneplane.migration.ImportReport.Outcome;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes over the jobs of an account while it holds them: what they were asked with, their files,
/// events, checkpoints and models. May run as often as one likes: what is here stays, what has
/// moved on is updated. Reads in the place, and changes nothing there. Safe for many threads, where
/// an organisation imports one account at a time.
public final class AccountImport {

  /// A new job is nobody's to work on: this is long after anybody would look.
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  private static final int PAGE = 100;

  private final PastJobs history;
  private final TrainingBackend backend;
  private final JobStore jobs;
  private final DataFiles files;
  private final InstantSource clock;

  /// @param history what the account holds
  /// @param backend the same place, which knows how far its runs are
  public AccountImport(
      PastJobs history,
      TrainingBackend backend,
      JobStore jobs,
      DataFiles files,
      InstantSource clock) {
    this.history = history;
    this.backend = backend;
    this.jobs = jobs;
    this.files = files;
    this.clock = clock;
  }

  /// Imports.
  ///
  /// @param organisation whose the jobs will be
  /// @throws BackendException if the place can't be asked; what was imported before stays
  /// @throws IOException if a file can't be read or kept
  public ImportReport run(String organisation) throws IOException {
    Map<String, String> ours = new HashMap<>();
    Map<String, String> known = new HashMap<>();
    look(organisation, ours, known);
    FileImport bringing = new FileImport(history, files, organisation, known);
    List<Line> lines = new ArrayList<>();
    for (PastJob past : history.jobs()) {
      Optional<String> own = past.mark().map(ours::get);
      lines.add(
          own.isPresent()
              ? skipped(past, "is what job " + own.get() + " of this Tuneplane asked for")
              : take(organisation, past, bringing));
    }
    return new ImportReport(lines, bringing.brought());
  }

  /// Looks through the jobs that are here.
  ///
  /// @param ours takes the ids of jobs that were asked for here, by their marks
  /// @param known takes our ids of files that an earlier import brought, by the place's
  private void look(String organisation, Map<String, String> ours, Map<String, String> known) {
    Optional<String> after = Optional.empty();
    List<Job> page;
    do {
      page = jobs.list(organisation, after, PAGE, Map.of());
      for (Job job : page) {
        if (ImportedJob.is(job)) {
          known.putAll(Labels.files(job, history.backend()));
        } else {
          ours.put(job.mark(), job.id());
        }
      }
      after = page.stream().reduce((_, last) -> last).map(Job::id);
    } while (page.size() == PAGE);
  }

  private Line take(String organisation, PastJob past, FileImport bringing) throws IOException {
    Optional<Stored> here = jobs.find(organisation, past.id());
    if (here.isEmpty() && jobs.load(past.id()).isPresent()) {
      return skipped(past, "its id is taken");
    }
    if (here.isPresent() && !ImportedJob.is(here.get().job())) {
      return skipped(past, "is a job of this Tuneplane");
    }
    if (past.method().isEmpty()) {
      return skipped(past, "its method is neither supervised nor dpo");
    }
    return here.isPresent()
        ? update(here.get(), past, bringing)
        : add(organisation, past, bringing);
  }

  private static Line skipped(PastJob past, String why) {
    return new Line(past.id(), Outcome.SKIPPED.wireName(), "", past.baseModel(), List.of(why));
  }

  private Line add(String organisation, PastJob past, FileImport bringing) throws IOException {
    List<String> notes = new ArrayList<>();
    JobRequest request = request(past, bringing, notes);
    RunHandle handle = new RunHandle(history.backend(), past.id());
    Progress progress = backend.observe(handle, Cursor.START);
    Job job =
        ImportedJob.of(origin(organisation, past), request, handle, progress, clock.instant());
    jobs.create(job, ImportedJob.events(progress.events(), 0), NEVER);
    Stored created = jobs.find(organisation, job.id()).orElseThrow();
    jobs.advance(
        new Advance(
            job,
            created.version(),
            List.of(),
            ImportedJob.checkpoints(job.id(), progress.events()),
            List.of(),
            model(job, progress.state(), notes).stream().toList(),
            Optional.empty(),
            Optional.empty()));
    return line(past, Outcome.ADDED, job, notes);
  }

  private Line update(Stored here, PastJob past, FileImport bringing) throws IOException {
    Job before = here.job();
    List<String> notes = new ArrayList<>();
    JobRequest request = request(past, bringing, notes);
    if (before.state().status().ended() && request.equals(before.request())) {
      return line(past, Outcome.UNCHANGED, before, notes);
    }
    RunHandle handle = new RunHandle(history.backend(), past.id());
    Cursor since = before.run().map(run -> run.cursor()).orElse(Cursor.START);
    Progress progress = backend.observe(handle, since);
    Job now =
        ImportedJob.of(
            origin(before.organisation(), past), request, handle, progress, clock.instant());
    boolean moved = !progress.events().isEmpty() || now.state().status() != before.state().status();
    if (!moved && request.equals(before.request())) {
      return line(past, Outcome.UNCHANGED, before, notes);
    }
    jobs.advance(
        new Advance(
            now,
            here.version(),
            ImportedJob.events(progress.events(), here.lastSeq()),
            ImportedJob.checkpoints(now.id(), progress.events()),
            List.of(),
            model(now, progress.state(), notes).stream().toList(),
            Optional.empty(),
            Optional.empty()));
    return line(past, Outcome.UPDATED, now, notes);
  }

  private static Optional<TunedModel> model(Job job, RunState state, List<String> notes) {
    Optional<TunedModel> model = ImportedJob.model(job, state);
    Optional<TunedModel> callable = model.filter(m -> TunedModelName.parse(m.name()).isPresent());
    if (model.isPresent() && callable.isEmpty()) {
      notes.add(model.get().name() + " is no name that can be called here");
    }
    return callable;
  }

  private JobRequest request(PastJob past, FileImport bringing, List<String> notes)
      throws IOException {
    String training = bringing.bring(past.trainingFile(), notes);
    Optional<String> validation = Optional.empty();
    if (past.validationFile().isPresent()) {
      validation = Optional.of(bringing.bring(past.validationFile().get(), notes));
    }
    return Asked.request(past, history.backend(), training, validation);
  }

  private static ImportedJob.Origin origin(String organisation, PastJob past) {
    return new ImportedJob.Origin(past.id(), organisation, past.createdAt(), past.finishedAt());
  }

  private static Line line(PastJob past, Outcome outcome, Job job, List<String> notes) {
    return new Line(
        past.id(), outcome.wireName(), job.state().status().wireName(), past.baseModel(), notes);
  }
}
