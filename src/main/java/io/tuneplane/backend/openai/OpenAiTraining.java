package io.tuneplane.backend.openai;

import com.openai.client.OpenAIClient;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListParams;
import com.openai.models.models.Model;
import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.ClearanceCheck;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/// Trains at OpenAI, or at another host that speaks its API. All state is at the host: a run is
/// found again by our mark in its metadata. No call is repeated here; a create least of all. Safe
/// for many threads.
public final class OpenAiTraining implements TrainingBackend {

  private static final String NAME = OpenAiSettings.NAME;
  private static final Duration POLL = Duration.ofSeconds(10);
  private static final long PAGE = 100;

  private final Account account;
  private final Failures failures;
  private final Facts facts;
  private final Uploads uploads;
  private final LastCreate last;
  private final OpenAiAvailability availability;
  private final Marks marks;
  private final ClearanceCheck clearances;
  private final InstantSource clock;

  /// @param keys where the key comes from; asked for every call
  /// @param book the price book, for OpenAI's models, limits and end dates
  public OpenAiTraining(
      OpenAiSettings settings, KeySource keys, Supplier<PriceBook> book, InstantSource clock) {
    this(new Account(settings, keys), book, clock);
  }

  OpenAiTraining(Account account, Supplier<PriceBook> book, InstantSource clock) {
    this.account = account;
    this.clock = clock;
    this.failures = new Failures(account::withoutKey);
    this.facts = new Facts(account.settings(), book);
    this.uploads = new Uploads(account, failures);
    this.last = new LastCreate(account, clock);
    this.availability = new OpenAiAvailability(account, failures, facts, last, clock);
    this.marks = new Marks(account.settings().consistencyWindow(), clock);
    this.clearances = new ClearanceCheck(NAME, clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  /// Another host of the API is not OpenAI: neither its prices nor its dates nor any leave for
  /// OpenAI hold there.
  @Override
  public String provider() {
    return account.settings().official() ? NAME : account.settings().baseUrl().getAuthority();
  }

  @Override
  public Map<String, LocalDate> modelEnds() {
    return availability.modelEnds();
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        Location.THIRD_PARTY,
        Set.of(Method.SUPERVISED, Method.DPO),
        facts.models(),
        Set.of(),
        new Limits(
            OptionalLong.of(SpecCheck.FEWEST_EXAMPLES),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(SpecCheck.MOST_FILE_BYTES)),
        false,
        true,
        true,
        true);
  }

  @Override
  public Availability availability() {
    return availability.now();
  }

  @Override
  public List<Problem> check(TrainingSpec spec) {
    return SpecCheck.of(spec, facts, today());
  }

  @Override
  public RunHandle submit(TrainingSpec spec, SubmissionKey key, Clearance clearance) {
    clearances.training(clearance, spec.trainingDigest());
    return marks.exclusively(
        key.mark(), () -> find("submit", key).orElseGet(() -> create(spec, key)));
  }

  private RunHandle create(TrainingSpec spec, SubmissionKey key) {
    marks.requireKnown(key.mark());
    List<Problem> problems = check(spec);
    if (!problems.isEmpty()) {
      throw new BackendException.Rejected(NAME, "submit", problems);
    }
    requireModel(spec);
    String training = uploads.put("training_file", spec.trainingFile(), spec.method());
    Optional<String> validation =
        spec.validationFile().map(f -> uploads.put("validation_file", f, spec.method()));
    JobCreateParams params =
        JobParams.of(spec, key.mark(), facts.id(spec.baseModel()), training, validation);
    FineTuningJob job = create(params, key);
    last.taken();
    return new RunHandle(NAME, job.id());
  }

  /// Asks the host for the model before anything is sent there: a create would say the same after
  /// the upload.
  private void requireModel(TrainingSpec spec) {
    String id =
        spec.startFrom().map(TrainedModel::remoteName).orElseGet(() -> facts.id(spec.baseModel()));
    try {
      Model model = failures.of("submit", () -> client("submit").models().retrieve(id));
      Optional<LocalDate> end = model.shutdownDate().filter(day -> !today().isBefore(day));
      if (end.isPresent()) {
        throw Failures.rejected(
            "submit", "model", "%s stopped on %s, says the host".formatted(id, end.get()));
      }
    } catch (BackendException.RunLost e) {
      throw Failures.rejected("submit", "model", String.valueOf(e.getMessage()));
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private FineTuningJob create(JobCreateParams params, SubmissionKey key) {
    OpenAIClient client = client("submit");
    try {
      return failures.creating("submit", () -> client.fineTuning().jobs().create(params));
    } catch (BackendException.OutcomeUnknown e) {
      marks.remember(key.mark());
      throw e;
    } catch (BackendException.Closed e) {
      last.refused(e.words());
      throw e;
    } catch (BackendException.RunLost e) {
      // 404 to a create: the base model or a file is not there.
      throw Failures.rejected("submit", "model", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<RunHandle> find(SubmissionKey key) {
    return find("find", key);
  }

  /// Asks for the jobs with our mark, and looks at what comes: a host that does not know the filter
  /// lists all. Should there be several, the oldest counts.
  private Optional<RunHandle> find(String operation, SubmissionKey key) {
    JobListParams params =
        JobListParams.builder()
            .limit(PAGE)
            .metadata(
                JobListParams.Metadata.builder()
                    .putAdditionalProperty(JobParams.MARK, key.mark())
                    .build())
            .build();
    return failures.of(
        operation,
        () ->
            client(operation).fineTuning().jobs().list(params).autoPager().stream()
                .filter(job -> JobParams.markOf(job).equals(Optional.of(key.mark())))
                .min(Comparator.comparingLong(FineTuningJob::createdAt))
                .map(job -> new RunHandle(NAME, job.id())));
  }

  @Override
  public Duration consistencyWindow() {
    return account.settings().consistencyWindow();
  }

  @Override
  public Progress observe(RunHandle run, Cursor since) {
    return failures.of(
        "observe",
        () -> {
          OpenAIClient client = client("observe");
          // The state first: what happened before it is in the log then.
          FineTuningJob job = client.fineTuning().jobs().retrieve(run.remoteId());
          RunLog.Look look = new RunLog(client, run.remoteId()).since(since);
          RunState state = WireStates.of(job, look.lastStep());
          return new Progress(
              state, look.events(), look.next(), state.ended() ? Duration.ZERO : POLL);
        });
  }

  @Override
  public void cancel(RunHandle run) {
    if (!state("cancel", run).ended()) {
      change("cancel", run, () -> client("cancel").fineTuning().jobs().cancel(run.remoteId()));
    }
  }

  @Override
  public void pause(RunHandle run) {
    RunState state = state("pause", run);
    if (state.ended()) {
      throw Failures.rejected("pause", "job", "has ended, so it can't be paused");
    }
    if (!(state instanceof RunState.Paused)) {
      change("pause", run, () -> client("pause").fineTuning().jobs().pause(run.remoteId()));
    }
  }

  @Override
  public void resume(RunHandle run) {
    if (state("resume", run) instanceof RunState.Paused) {
      change("resume", run, () -> client("resume").fineTuning().jobs().resume(run.remoteId()));
    }
  }

  private RunState state(String operation, RunHandle run) {
    return failures.of(
        operation,
        () -> WireStates.of(client(operation).fineTuning().jobs().retrieve(run.remoteId()), 0));
  }

  /// Changes a run; one that has ended in the meantime needs no change.
  private void change(String operation, RunHandle run, Supplier<FineTuningJob> call) {
    try {
      failures.of(operation, call);
    } catch (BackendException.Rejected e) {
      if (!state(operation, run).ended()) {
        throw e;
      }
    }
  }

  private OpenAIClient client(String operation) {
    return account.client(operation);
  }

  @Override
  public void close() {
    account.close();
  }
}
