package io.tuneplane.backend.local;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.ClearanceCheck;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingEvent.Level;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.backend.local.RunRecord.Wanted;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.ModelShape;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import java.io.IOException;
import java.nio.file.Files;
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

/// Trains LoRA adapters on this machine: one folder and one child process a run, one run at a time.
/// All state is on the disk, so that any instance, in this process or a later one, goes on with a
/// run; nothing moves between two calls but the runner itself. Safe for many threads.
public final class LocalTraining implements TrainingBackend {

  /// The backend's name.
  public static final String NAME = "local";

  static final Set<String> ARCHITECTURES =
      Set.of("LlamaForCausalLM", "Qwen2ForCausalLM", "MistralForCausalLM");

  private static final Duration POLL = Duration.ofMillis(250);
  private static final int PAGE = 500;
  private static final int USUAL_RANK = 8;

  private final LocalSettings settings;
  private final BaseModels models;
  private final InstantSource clock;
  private final Children children;
  private final Supervisor supervisor;
  private final MemoryFit memory;
  private final ClearanceCheck clearances;

  public LocalTraining(
      LocalSettings settings,
      BaseModels models,
      RunnerCommand runner,
      Machine machine,
      InstantSource clock) {
    this.settings = settings;
    this.models = models;
    this.clock = clock;
    this.clearances = new ClearanceCheck(NAME, clock);
    this.memory = new MemoryFit(settings.machine(), machine);
    this.children = new Children(machine.host(), clock);
    Launcher launcher = new Launcher(runner, settings.machine(), machine, children, clock);
    this.supervisor = new Supervisor(settings.runs(), launcher, children, machine, clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        Location.ON_PREM,
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
    return new Availability.Ready();
  }

  @Override
  public List<Problem> check(TrainingSpec spec) {
    List<Problem> problems = new ArrayList<>(SpecCheck.of(spec));
    try {
      if (models.isHere(spec.baseModel())) {
        problems.addAll(checkModel(spec));
      }
    } catch (ModelException e) {
      problems.add(new Problem("model", String.valueOf(e.getMessage())));
    }
    return problems;
  }

  private List<Problem> checkModel(TrainingSpec spec) {
    try (BaseModel model = models.open(spec.baseModel())) {
      if (!ARCHITECTURES.contains(model.config().architecture())) {
        return List.of(new Problem("model", notTrainable(spec, model)));
      }
      List<Problem> start = checkStart(spec, model);
      if (!start.isEmpty()) {
        return start;
      }
      int rank = spec.hyperparameters().lora().map(Lora::rank).orElse(0);
      ModelShape shape = model.config().shape();
      // Where another run has the memory now, this one waits for it, and gets it.
      return (isTraining() ? memory.ever(shape, rank) : memory.now(shape, rank))
          .map(words -> new Problem("model", spec.baseModel() + " " + words))
          .map(List::of)
          .orElse(List.of());
    }
  }

  private boolean isTraining() {
    return disk("check", () -> supervisor.training().isPresent());
  }

  @Override
  public SortedMap<String, String> unfit(Map<String, ModelShape> candidates) {
    SortedMap<String, String> unfit = new TreeMap<>();
    candidates.forEach((name, shape) ->
        memory.ever(shape, USUAL_RANK).ifPresent(words -> unfit.put(name, name + " " + words)));
    return unfit;
  }

  private static String notTrainable(TrainingSpec spec, BaseModel model) {
    return "%s is a %s; this machine trains %s"
        .formatted(
            spec.baseModel(),
            model.config().architecture(),
            String.join(", ", ARCHITECTURES.stream().sorted().toList()));
  }

  @Override
  public RunHandle submit(TrainingSpec spec, SubmissionKey key, Clearance clearance) {
    clearances.training(clearance, spec.trainingDigest());
    RunDirectory run = new RunDirectory(settings.runs().resolve(key.mark()));
    if (!run.exists()) {
      fetch(spec.baseModel());
      List<Problem> problems = check(spec);
      if (!problems.isEmpty()) {
        throw new BackendException.Rejected(NAME, "submit", problems);
      }
      create(run, spec);
    }
    disk("submit", () -> supervisor.advance(run));
    return new RunHandle(NAME, key.mark());
  }

  // A caller who wants to show progress has fetched the model before; then this finds it here.
  private void fetch(String baseModel) {
    try (BaseModel _ = models.open(baseModel)) {
      // Opening is fetching.
    } catch (ModelException e) {
      throw new BackendException.Rejected(
          NAME, "submit", List.of(new Problem("model", String.valueOf(e.getMessage()))));
    }
  }

  private void create(RunDirectory run, TrainingSpec spec) {
    Draft draft = draft(run, spec);
    disk(
        "submit",
        () -> {
          Files.createDirectories(settings.runs());
          return supervisor.exclusively(() -> createAlone(run, spec, draft));
        });
  }

  private boolean createAlone(RunDirectory run, TrainingSpec spec, Draft draft) throws IOException {
    if (run.exists()) {
      return false;
    }
    new Submission(settings.runs())
        .create(run, spec, draft.job(), RunRecord.submitted(clock.instant(), draft.fixedBytes()));
    Optional<String> before = supervisor.training();
    if (before.isPresent()) {
      run.events()
          .note(0, clock.instant(), Level.INFO, "waits: " + before.get() + " is training here");
    }
    return true;
  }

  private record Draft(JobFile job, long fixedBytes) {}

  private static JobFile.@Nullable StartAdapter start(TrainingSpec spec, String baseDigest) {
    if (spec.startFrom().isEmpty()) {
      return null;
    }
    return switch (found(spec.startFrom().get(), baseDigest)) {
      case AdapterFolder.Found.Fit(AdapterFolder adapter) ->
          new JobFile.StartAdapter(adapter.path().toString(), adapter.digest());
      case AdapterFolder.Found.Unfit(Problem problem) ->
          throw new BackendException.Rejected(NAME, "submit", List.of(problem));
    };
  }

  private static AdapterFolder.Found found(TrainedModel tuned, String baseDigest) {
    return disk("check", () -> AdapterFolder.of(tuned, baseDigest));
  }

  private static List<Problem> checkStart(TrainingSpec spec, BaseModel base) {
    if (spec.startFrom().isEmpty()) {
      return List.of();
    }
    return switch (found(spec.startFrom().get(), base.digest())) {
      case AdapterFolder.Found.Fit _ -> List.of();
      case AdapterFolder.Found.Unfit unfit -> List.of(unfit.problem());
    };
  }

  private Draft draft(RunDirectory run, TrainingSpec spec) {
    try (BaseModel model = models.open(spec.baseModel())) {
      Path path = model.path().toAbsolutePath();
      JobFile.Base base = new JobFile.Base(spec.baseModel(), path.toString(), model.digest());
      int longest = model.config().maxPositions();
      int rank = spec.hyperparameters().lora().orElseThrow().rank();
      return new Draft(
          JobFile.of(
              run.mark(),
              spec,
              base,
              start(spec, base.digest()),
              longest,
              settings.machine().threads()),
          MemoryFit.fixed(model.config().shape(), rank).bytes());
    }
  }

  @Override
  public Optional<RunHandle> find(SubmissionKey key) {
    RunDirectory run = new RunDirectory(settings.runs().resolve(key.mark()));
    return run.exists() ? Optional.of(new RunHandle(NAME, key.mark())) : Optional.empty();
  }

  /// A run's folder appears in one rename, and stays.
  @Override
  public Duration consistencyWindow() {
    return Duration.ZERO;
  }

  @Override
  public Progress observe(RunHandle handle, Cursor since) {
    RunDirectory run = find("observe", handle);
    return disk(
        "observe",
        () -> {
          RunState state = supervisor.advance(run);
          EventLog.Page page = run.events().read(since, PAGE);
          Duration wait = state.ended() || page.events().size() == PAGE ? Duration.ZERO : POLL;
          return new Progress(state, page.events(), page.next(), wait);
        });
  }

  @Override
  public void cancel(RunHandle handle) {
    RunDirectory run = find("cancel", handle);
    disk("cancel", () -> supervisor.want(run, Wanted.CANCEL));
  }

  @Override
  public void pause(RunHandle handle) {
    RunDirectory run = find("pause", handle);
    Optional<RunState> ended = disk("pause", () -> supervisor.want(run, Wanted.PAUSE));
    if (ended.isPresent()) {
      throw new BackendException.Rejected(
          NAME, "pause", List.of(new Problem("job", "has ended, so it can't be paused")));
    }
  }

  @Override
  public void resume(RunHandle handle) {
    RunDirectory run = find("resume", handle);
    disk("resume", () -> supervisor.want(run, Wanted.RUN));
  }

  /// Asks the runs that this object started to write a checkpoint and leave; they go on with the
  /// next look at them, by whichever control plane. One that is killed instead leaves them at work.
  @Override
  public void close() {
    children.stopAll();
  }

  private RunDirectory find(String operation, RunHandle handle) {
    Path path = settings.runs().resolve(handle.remoteId()).normalize();
    RunDirectory run = new RunDirectory(path);
    if (!settings.runs().equals(path.getParent()) || !run.exists()) {
      throw new BackendException.RunLost(NAME, operation, "no run " + handle.remoteId());
    }
    return run;
  }

  private static <T> T disk(String operation, Supervisor.Action<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw DiskErrors.translate(operation, e);
    }
  }
}
