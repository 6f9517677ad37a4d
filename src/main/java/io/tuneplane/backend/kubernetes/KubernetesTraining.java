package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.ClearanceCheck;
import io.tuneplane.backend.ControlLock;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RemoteRunners;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingEvent.Level;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.backend.kubernetes.RunRecord.Wanted;
import io.tuneplane.backend.kubernetes.sizing.TrainingSizer;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.ModelShape;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Trains on a Kubernetes cluster: one `batch/v1` Job a run, its pods fetching their work from this
/// server and sending back what they made. What is wanted of a run is on the disk, what is there is
/// in the cluster; each look compares the two and does the next thing. Safe for many threads.
public final class KubernetesTraining implements TrainingBackend {

  /// The backend's name.
  public static final String NAME = "kubernetes";

  static final Set<String> ARCHITECTURES =
      Set.of("LlamaForCausalLM", "Qwen2ForCausalLM", "MistralForCausalLM");

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int PAGE = 500;

  private final ClusterSettings settings;
  private final Path runs;
  private final Bases bases;
  private final InstantSource clock;
  private final ClearanceCheck clearances;
  private final ClusterAccess access;
  private final Maker maker;
  private final Queueing queueing;
  private final SetUp setUp;
  private final Reconciler reconciler;

  /// @param directory where runs are kept
  /// @param runners lets pods in
  public KubernetesTraining(
      ClusterSettings settings,
      Path directory,
      Bases bases,
      RemoteRunners runners,
      InstantSource clock) {
    this.settings = settings;
    this.runs = directory.resolve("runs");
    this.bases = bases;
    this.clock = clock;
    this.clearances = new ClearanceCheck(NAME, clock);
    this.access = new ClusterAccess(settings, Connector::connect, clock);
    this.maker = new Maker(settings, access, runners);
    this.queueing = new Queueing(settings, access);
    this.setUp = new SetUp(settings, access, queueing, clock);
    this.reconciler = new Reconciler(access, maker, queueing, runners, clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        settings.onPrem() ? Location.ON_PREM : Location.RENTED,
        Set.of(Method.SUPERVISED, Method.DPO),
        List.of(),
        ARCHITECTURES,
        Limits.NONE,
        true,
        true,
        true,
        true);
  }

  @Override
  public Availability availability() {
    return setUp.now();
  }

  @Override
  public Optional<String> condition() {
    if (!isReady()) {
      return Optional.empty();
    }
    try {
      String gpus = access.gpus().words();
      return Optional.of(gpus + queueing.condition().map(q -> "; " + q).orElse(""));
    } catch (IOException | ClusterException _) {
      return Optional.empty(); // [#availability] says what is wrong.
    }
  }

  /// Asked before anything else is, since that answer is remembered even where it is a bad one: a
  /// cluster that is away must not hold up every decision.
  private boolean isReady() {
    return setUp.now() instanceof Availability.Ready;
  }

  @Override
  public SortedMap<String, String> unfit(Map<String, ModelShape> candidates) {
    SortedMap<String, String> unfit = new TreeMap<>();
    if (!isReady()) {
      return unfit;
    }
    try {
      TrainingSizer sizer = new TrainingSizer(access.gpus().types());
      candidates.forEach((name, shape) ->
          Placement.never(name, shape, sizer).ifPresent(words -> unfit.put(name, words)));
    } catch (IOException | ClusterException _) {
      return new TreeMap<>(); // [#availability] says what is wrong.
    }
    return unfit;
  }

  @Override
  public List<Problem> check(TrainingSpec spec) {
    List<Problem> problems = new ArrayList<>(SpecCheck.of(spec));
    setUp.missing().ifPresent(step -> problems.add(new Problem("kubernetes", step)));
    if (!problems.isEmpty()) {
      return problems;
    }
    try {
      return bases.isHere(spec.baseModel()) ? fitting(spec) : List.of();
    } catch (ModelException e) {
      return List.of(new Problem("model", String.valueOf(e.getMessage())));
    }
  }

  private List<Problem> fitting(TrainingSpec spec) {
    return with(
        "check",
        () -> {
          Optional<String> queue = queueing.objection();
          if (queue.isPresent()) {
            return List.of(new Problem("kubernetes.queue", queue.get()));
          }
          try (BaseModel model = bases.open(spec.baseModel())) {
            List<Problem> unfit = unfit(spec, model);
            if (!unfit.isEmpty()) {
              return unfit;
            }
            return switch (place(spec, model)) {
              case Placement.Placed _ -> List.of();
              case Placement.Unplaced unplaced -> List.of(unplaced.problem());
            };
          }
        });
  }

  private static List<Problem> unfit(TrainingSpec spec, BaseModel model) throws IOException {
    String architecture = model.config().architecture();
    if (!ARCHITECTURES.contains(architecture)) {
      return List.of(
          new Problem(
              "model",
              "%s is a %s; trained are %s"
                  .formatted(
                      spec.baseModel(),
                      architecture,
                      String.join(", ", ARCHITECTURES.stream().sorted().toList()))));
    }
    if (spec.startFrom().isPresent()
        && AdapterFolder.of(spec.startFrom().get(), model.digest())
            instanceof AdapterFolder.Found.Unfit(Problem problem)) {
      return List.of(problem);
    }
    return List.of();
  }

  private Placement place(TrainingSpec spec, BaseModel model) throws IOException, ClusterException {
    int sequence = Longest.of(spec.trainingFile(), model);
    return Placement.of(spec, model, sequence, access.gpus(), settings);
  }

  @Override
  public RunHandle submit(TrainingSpec spec, SubmissionKey key, Clearance clearance) {
    clearances.training(clearance, spec.trainingDigest());
    RunFolder run = folder(key.mark());
    if (!run.exists()) {
      List<Problem> problems = check(spec);
      if (!problems.isEmpty()) {
        throw new BackendException.Rejected(NAME, "submit", problems);
      }
      with("submit", () -> create(run, spec));
    }
    with("submit", () -> reconciler.advance(run));
    return new RunHandle(NAME, key.mark());
  }

  private boolean create(RunFolder run, TrainingSpec spec) throws IOException, ClusterException {
    try (BaseModel model = bases.open(spec.baseModel())) {
      return switch (place(spec, model)) {
        case Placement.Unplaced unplaced ->
            throw new BackendException.Rejected(NAME, "submit", List.of(unplaced.problem()));
        case Placement.Placed placed -> create(run, spec, model, placed);
      };
    } catch (ModelException e) {
      throw new BackendException.Rejected(
          NAME, "submit", List.of(new Problem("model", String.valueOf(e.getMessage()))));
    }
  }

  private boolean create(RunFolder run, TrainingSpec spec, BaseModel model, Placement.Placed placed)
      throws IOException, ClusterException {
    RunRecord record = RunRecord.submitted(clock.instant(), placed.size());
    access.cluster().dryRun(Kind.JOB, maker.job(run.mark(), record).manifest(settings));
    JobFile job =
        JobFile.of(
            run.mark(),
            spec,
            new JobFile.Base(
                spec.baseModel(), model.path().toAbsolutePath().toString(), model.digest()),
            start(spec, model),
            model.config().maxPositions(),
            placed.size().cpus(),
            placed.passTokens().isPresent() ? placed.passTokens().getAsLong() : null);
    boolean first = new Submission(runs).create(run, spec, job, record);
    if (first) {
      try (ControlLock _ = run.lock()) {
        run.log().note(clock.instant(), Level.INFO, String.join("\n", placed.why()));
      }
    }
    return first;
  }

  private static JobFile.@Nullable StartAdapter start(TrainingSpec spec, BaseModel model)
      throws IOException {
    if (spec.startFrom().isEmpty()) {
      return null;
    }
    return switch (AdapterFolder.of(spec.startFrom().get(), model.digest())) {
      case AdapterFolder.Found.Fit(AdapterFolder adapter) ->
          new JobFile.StartAdapter(adapter.path().toString(), adapter.digest());
      case AdapterFolder.Found.Unfit(Problem problem) ->
          throw new BackendException.Rejected(NAME, "submit", List.of(problem));
    };
  }

  /// A run is in its folder before anything of it is in the cluster.
  @Override
  public Optional<RunHandle> find(SubmissionKey key) {
    return folder(key.mark()).exists()
        ? Optional.of(new RunHandle(NAME, key.mark()))
        : Optional.empty();
  }

  @Override
  public Duration consistencyWindow() {
    return Duration.ZERO;
  }

  @Override
  public Progress observe(RunHandle handle, Cursor since) {
    RunFolder run = known("observe", handle);
    return with(
        "observe",
        () -> {
          RunState state = reconciler.advance(run);
          RunLog.Page page = run.log().read(since, PAGE, run.work());
          boolean more = page.events().size() == PAGE;
          return new Progress(
              state, page.events(), page.next(), state.ended() || more ? Duration.ZERO : POLL);
        });
  }

  @Override
  public void cancel(RunHandle handle) {
    RunFolder run = known("cancel", handle);
    with("cancel", () -> reconciler.want(run, Wanted.CANCEL));
  }

  @Override
  public void pause(RunHandle handle) {
    RunFolder run = known("pause", handle);
    Optional<RunState> ended = with("pause", () -> reconciler.want(run, Wanted.PAUSE));
    if (ended.isPresent()) {
      throw new BackendException.Rejected(
          NAME, "pause", List.of(new Problem("job", "has ended and can't be paused")));
    }
  }

  @Override
  public void resume(RunHandle handle) {
    RunFolder run = known("resume", handle);
    with("resume", () -> reconciler.want(run, Wanted.RUN));
  }

  private RunFolder known(String operation, RunHandle handle) {
    RunFolder run = folder(handle.remoteId());
    if (!run.exists()) {
      throw new BackendException.RunLost(NAME, operation, "no run " + handle.remoteId());
    }
    return run;
  }

  private RunFolder folder(String mark) {
    return new RunFolder(runs.resolve(new SubmissionKey(mark).mark()).toAbsolutePath());
  }

  /// Something that asks the cluster or the disk.
  private interface Action<T> {
    T run() throws IOException, ClusterException;
  }

  private static <T> T with(String operation, Action<T> action) {
    try {
      return action.run();
    } catch (ClusterException e) {
      throw Failures.translate(operation, e);
    } catch (IOException e) {
      throw Failures.translate(operation, e);
    }
  }

  /// Ends connections; runs go on.
  @Override
  public void close() {
    access.close();
  }
}
