package io.tuneplane.backend.vertex;

import static io.tuneplane.backend.vertex.VertexSettings.NAME;

import com.google.genai.types.ListTuningJobsConfig;
import com.google.genai.types.TuningDataset;
import com.google.genai.types.TuningJob;
import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.ClearanceCheck;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tunes Gemini models on Vertex AI. Holds no state of runs: a job is found by the label that holds
/// our mark, and its events are derived from what it says of itself. Safe for many threads.
public final class VertexTraining implements TrainingBackend {

  private static final Duration POLL = Duration.ofSeconds(30);
  private static final int PAGE = 100;
  private static final Pattern JOB =
      Pattern.compile("projects/[^/?#]+/locations/[^/?#]+/tuningJobs/[^/?#]+");

  private final VertexSettings settings;
  private final VertexFacts facts;
  private final GoogleClients clients;
  private final ClearanceCheck clearances;
  private final Probe probe;

  /// A place that is reached with Google's application-default credentials.
  ///
  /// @param book where models, limits and end dates come from
  public VertexTraining(VertexSettings settings, Supplier<PriceBook> book, InstantSource clock) {
    this(settings, book, clock, GoogleCredentialSource.applicationDefault());
  }

  VertexTraining(
      VertexSettings settings,
      Supplier<PriceBook> book,
      InstantSource clock,
      GoogleCredentialSource credentials) {
    this.settings = settings;
    this.facts = new VertexFacts(book, clock);
    this.clients = new GoogleClients(settings, credentials, false);
    this.clearances = new ClearanceCheck(NAME, clock);
    this.probe = new Probe(settings, facts, clients);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        Location.THIRD_PARTY,
        Set.of(Method.SUPERVISED, Method.DPO),
        facts.models(),
        Set.of(),
        facts.limits(),
        false,
        true,
        false,
        true);
  }

  @Override
  public Optional<String> region() {
    return settings.google().location();
  }

  @Override
  public Availability availability() {
    return probe.availability();
  }

  @Override
  public List<Problem> check(TrainingSpec spec) {
    return SpecCheck.of(facts, spec);
  }

  @Override
  public RunHandle submit(TrainingSpec spec, SubmissionKey key, Clearance clearance) {
    clearances.training(clearance, spec.trainingDigest());
    expectSetUp();
    Lock lock = MarkLocks.of(key.mark());
    lock.lock();
    try {
      return find(key).orElseGet(() -> start(spec, key));
    } finally {
      lock.unlock();
    }
  }

  private void expectSetUp() {
    List<String> missing = settings.missing();
    if (!missing.isEmpty()) {
      throw new BackendException.Unauthorized(NAME, "submit", Probe.setUp(missing));
    }
  }

  private RunHandle start(TrainingSpec spec, SubmissionKey key) {
    List<Problem> problems = check(spec);
    if (!problems.isEmpty()) {
      throw new BackendException.Rejected(NAME, "submit", problems);
    }
    Uploaded uploaded = upload(spec);
    TuningDataset data = TuningDataset.builder().gcsUri(uploaded.training()).build();
    TuningJob made;
    try {
      made =
          clients
              .ai()
              .tunings
              .tune(
                  TuningRequest.model(facts, spec),
                  data,
                  TuningRequest.config(spec, key, uploaded.validation()));
    } catch (IOException e) {
      throw Failures.noCredentials("submit", e);
    } catch (RuntimeException e) {
      throw Failures.ofCreate(e);
    }
    probe.created();
    return handle(made)
        .orElseThrow(() ->
            new BackendException.OutcomeUnknown(
                NAME, "submit", "the answer names no job that was made"));
  }

  private record Uploaded(String training, Optional<String> validation) {}

  // Both files are converted before the first byte leaves: neither can spoil a job that is half
  // done.
  private Uploaded upload(TrainingSpec spec) {
    try (ConvertedData training = convert(spec.trainingFile());
        @Nullable ConvertedData validation = validation(spec)) {
      ConvertedData.Lines lines = expectFits(training.lines());
      DataBucket bucket = new DataBucket(clients.storage(), settings);
      bucket.check();
      String uri = bucket.put(lines);
      return validation == null
          ? new Uploaded(uri, Optional.empty())
          : new Uploaded(uri, Optional.of(bucket.put(validation.lines())));
    } catch (IOException e) {
      throw new BackendException.Unavailable(NAME, "submit", String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable ConvertedData validation(TrainingSpec spec) throws IOException {
    return spec.validationFile().isPresent() ? convert(spec.validationFile().get()) : null;
  }

  private ConvertedData convert(Path file) throws IOException {
    return ConvertedData.of(file, settings.directory());
  }

  private ConvertedData.Lines expectFits(ConvertedData.Lines lines) {
    long most = facts.limits().maxFileBytes().orElse(Long.MAX_VALUE);
    if (lines.bytes() > most) {
      throw Failures.rejected(
          "submit",
          "training_file",
          "is %,d bytes in Vertex AI's form, which takes %,d at most"
              .formatted(lines.bytes(), most));
    }
    return lines;
  }

  @Override
  public Optional<RunHandle> find(SubmissionKey key) {
    expectSetUp();
    return call(
        "find",
        () -> {
          for (TuningJob job :
              clients.ai().tunings.list(ListTuningJobsConfig.builder().pageSize(PAGE).build())) {
            if (key.mark().equals(job.labels().map(l -> l.get(Labels.MARK)).orElse(""))) {
              return handle(job);
            }
          }
          return Optional.empty();
        });
  }

  @Override
  public Duration consistencyWindow() {
    return settings.consistencyWindow();
  }

  @Override
  public Progress observe(RunHandle run, Cursor since) {
    String name = name("observe", run);
    RunView view = new RunView(call("observe", () -> clients.ai().tunings.get(name, null)));
    List<TrainingEvent> events = new RunEvents(view).since(since);
    return new Progress(view.state(), events, RunEvents.after(since, events), POLL);
  }

  @Override
  public void cancel(RunHandle run) {
    String name = name("cancel", run);
    RunView view = new RunView(call("cancel", () -> clients.ai().tunings.get(name, null)));
    if (view.state().ended()) {
      return;
    }
    try {
      call("cancel", () -> clients.ai().tunings.cancel(name, null));
    } catch (BackendException.Rejected e) {
      if (!observe(run, Cursor.START).state().ended()) {
        throw e;
      }
    }
  }

  @Override
  public void pause(RunHandle run) {
    throw new UnsupportedOperationException("capabilities say that Vertex AI can't pause a job");
  }

  @Override
  public void resume(RunHandle run) {
    throw new UnsupportedOperationException("capabilities say that Vertex AI can't pause a job");
  }

  @Override
  public void close() {
    clients.close();
  }

  private static Optional<RunHandle> handle(TuningJob job) {
    return job.name()
        .filter(name -> JOB.matcher(name).matches())
        .map(name -> new RunHandle(NAME, name));
  }

  private static String name(String operation, RunHandle run) {
    if (!JOB.matcher(run.remoteId()).matches()) {
      throw new BackendException.RunLost(NAME, operation, "no job " + run.remoteId());
    }
    return run.remoteId();
  }

  private <T> T call(String operation, GoogleCall<T> call) {
    return GoogleCall.make(operation, call);
  }
}
