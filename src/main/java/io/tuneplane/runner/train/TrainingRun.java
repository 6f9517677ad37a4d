package io.tuneplane.runner.train;

import io.tuneplane.model.BaseModel;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One attempt, once the model is open and the data is encoded: resumes, trains, and leaves the
/// result.
final class TrainingRun {

  private final Path folder;
  private final TrainingJob job;
  private final BaseModel base;
  private final JobData data;
  private final Kernels kernels;
  private final EventLog events;
  private final StopRequest stop;
  private final AdapterLayout layout;
  private final Checkpoints checkpoints;
  private final ModelLoader loader;

  TrainingRun(
      Path folder,
      TrainingJob job,
      BaseModel base,
      JobData data,
      Kernels kernels,
      EventLog events,
      StopRequest stop) {
    this.folder = folder;
    this.job = job;
    this.base = base;
    this.data = data;
    this.kernels = kernels;
    this.events = events;
    this.stop = stop;
    loader = new ModelLoader(kernels, base.path());
    layout = new AdapterLayout(base.config(), job.hyperparameters().lora());
    checkpoints = new Checkpoints(folder, job, layout, base.chatTemplate().digest());
  }

  ExitCode run() throws IOException {
    Optional<Checkpoints.Found> found = resume();
    Precision precision = precision(found);
    Passes passes = passes(found, precision);
    sayWhatRuns(found, precision, passes);
    try (Adapter adapter = new Adapter(kernels, layout, precision)) {
      float[] start = start();
      adapter.restore(found.map(Checkpoints.Found::adapter).orElseGet(() -> fresh(start)));
      Optional<Trainer.Totals> totals = train(adapter, start, passes, precision, found);
      return totals.isPresent() ? finish(adapter.read(), totals.get(), precision) : stopped();
    }
  }

  private static Adapter.State fresh(float[] values) {
    return new Adapter.State(values, new float[values.length], new float[values.length]);
  }

  /// Trains to the end; empty if asked to stop first. The model is released when this returns.
  private Optional<Trainer.Totals> train(
      Adapter adapter,
      float[] start,
      Passes passes,
      Precision precision,
      Optional<Checkpoints.Found> found)
      throws IOException {
    CheckpointState from = found.map(Checkpoints.Found::state).orElse(null);
    if (from != null && from.step() == from.totalSteps()) {
      return Optional.of(new Trainer.Totals(from.step(), from.tokens(), from.seconds()));
    }
    try (Llama llama = loader.load(precision, data.longest())) {
      return switch (job.method()) {
        case SUPERVISED ->
            train(supervised(llama), TrainingExample.Chat.class, adapter, passes, precision, from);
        case DPO ->
            train(
                dpo(llama, start, precision),
                TrainingExample.Pair.class,
                adapter,
                passes,
                precision,
                from);
      };
    }
  }

  private Optional<Checkpoints.Found> resume() throws IOException {
    List<String> broken = new ArrayList<>();
    Optional<Checkpoints.Found> found = checkpoints.newest(broken);
    for (String sentence : broken) {
      events.append(RunEvent.Message.warn(sentence));
    }
    if (found.isPresent() && found.get().state().threads() != job.limits().threads()) {
      events.append(
          RunEvent.Message.warn(
              "the checkpoint was made with %d threads, not %d: the result will differ in its last bits"
                  .formatted(found.get().state().threads(), job.limits().threads())));
    }
    return found;
  }

  private Precision precision(Optional<Checkpoints.Found> found) {
    if (found.isPresent()) {
      return Precision.valueOf(found.get().state().compute().toUpperCase(Locale.ROOT));
    }
    return job.compute().precision(base.config());
  }

  private Passes passes(Optional<Checkpoints.Found> found, Precision precision) {
    Long bytes = job.limits().memoryBytes();
    OptionalLong limit = bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    long available = ProcessMemory.available();
    // Whatever it is trained at, the golden answers are computed at fp32 in the end.
    MemoryPlan golden = MemoryPlan.of(base.config(), Precision.FP32, layout);
    int _ = golden.passTokens(limit, available, GoldenAnswers.TOKENS);
    int fits =
        MemoryPlan.of(base.config(), precision, layout)
            .passTokens(limit, available, data.largest());
    int tokens = found.map(f -> Math.min(fits, f.state().passTokens())).orElse(fits);
    return new Passes(tokens, job.hyperparameters().packing());
  }

  private void sayWhatRuns(Optional<Checkpoints.Found> found, Precision precision, Passes passes)
      throws IOException {
    events.append(
        RunEvent.Message.info(
            "%s of %s on %d examples, %s, %d threads, at most %d tokens a pass; resolved: %s"
                .formatted(
                    job.method() == TrainingJob.Method.DPO ? "dpo" : "supervised",
                    job.baseModel().name(),
                    data.train().examples().size(),
                    precision.label(),
                    job.limits().threads(),
                    passes.tokens(),
                    RunnerJson.MAPPER.writeValueAsString(job.hyperparameters()))));
    for (String remark : data.remarks()) {
      events.append(RunEvent.Message.warn(remark));
    }
    if (found.isPresent()) {
      events.append(
          RunEvent.Message.info("goes on from checkpoints/step-" + found.get().state().step()));
    }
  }

  /// The adapter's values at the beginning of the job.
  private float[] start() throws IOException {
    TrainingJob.StartAdapter start = job.startAdapter();
    if (start == null) {
      return layout.initial(job.seed());
    }
    PeftFolder peft = new PeftFolder(Path.of(start.path()));
    String digest = DurableFiles.sha256(peft.path().resolve(PeftFolder.WEIGHTS));
    if (!digest.equals(start.digest())) {
      throw new WrongInput(
          "the adapter in %s is another one: its digest is %s, the job asks for %s"
              .formatted(start.path(), digest, start.digest()));
    }
    return peft.read(layout);
  }

  private Objective<TrainingExample.Chat> supervised(Llama llama) {
    return new SupervisedObjective(kernels, llama, job.hyperparameters().lora().dropout());
  }

  private Objective<TrainingExample.Pair> dpo(Llama llama, float[] start, Precision precision) {
    Hyperparameters h = job.hyperparameters();
    Optional<Adapter> reference = Optional.empty();
    if (job.startAdapter() != null) {
      Adapter begun = new Adapter(kernels, layout, precision);
      begun.write(start);
      reference = Optional.of(begun);
    }
    double beta = Objects.requireNonNullElse(h.beta(), Hyperparameters.USUAL_BETA);
    return new PreferenceObjective(kernels, llama, reference, beta, h.lora());
  }

  private <T extends TrainingExample> Optional<Trainer.Totals> train(
      Objective<T> objective,
      Class<T> kind,
      Adapter adapter,
      Passes passes,
      Precision precision,
      @Nullable CheckpointState from)
      throws IOException {
    try (objective) {
      return new Trainer<>(
              new Trainer.Setup<>(
                  job,
                  adapter,
                  objective,
                  data.train().examples().stream().map(kind::cast).toList(),
                  data.validation().stream().map(kind::cast).toList(),
                  passes,
                  precision,
                  events,
                  checkpoints,
                  stop),
              from)
          .run();
    }
  }

  private ExitCode stopped() throws IOException {
    events.append(RunEvent.Message.info("stopped: " + stop.cause()));
    return ExitCode.STOPPED;
  }

  private ExitCode finish(float[] values, Trainer.Totals totals, Precision precision)
      throws IOException {
    ResultFiles files = new ResultFiles(folder, job, base, layout);
    files.writeAdapter(values);
    if (!files.writeGolden(loader, data, values, stop)) {
      return stopped();
    }
    files.writeMetrics(events.metrics());
    OptionalLong peak = ProcessMemory.peak();
    events.append(
        new RunEvent.Result(
            files.digests(),
            base.digest(),
            base.chatTemplate().digest(),
            precision.label(),
            totals.steps(),
            totals.tokens(),
            totals.seconds(),
            peak.isPresent() ? peak.getAsLong() : null));
    return ExitCode.DONE;
  }
}
