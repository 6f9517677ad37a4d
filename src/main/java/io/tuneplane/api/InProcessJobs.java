package io.tuneplane.api;

import io.tuneplane.backend.Problem;
import io.tuneplane.job.HyperparameterRules;
import io.tuneplane.job.InProcessEngine;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.TunedModelName;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Jobs that run in this process.
public final class InProcessJobs implements JobsApi {

  private final InProcessEngine engine;

  /// Jobs of this engine.
  public InProcessJobs(InProcessEngine engine) {
    this.engine = engine;
  }

  @Override
  public FineTuningJob create(JobRequest request) {
    List<Problem> problems = problems(request);
    if (!problems.isEmpty()) {
      throw new RequestException(problems);
    }
    return FineTuningJob.of(engine.start(request));
  }

  private static List<Problem> problems(JobRequest request) {
    List<Problem> problems = new ArrayList<>();
    file("training_file", Path.of(request.trainingFile()), problems);
    request.validationFile().ifPresent(f -> file("validation_file", Path.of(f), problems));
    request
        .model()
        .suffix()
        .filter(suffix -> !TunedModelName.isSuffix(suffix))
        .ifPresent(_ -> problems.add(new Problem("suffix", "must be [A-Za-z0-9_-]{1,64}")));
    request
        .placement()
        .budgetUsd()
        .filter(budget -> !isAmount(budget))
        .ifPresent(b -> problems.add(new Problem("budget", "must be US dollars, not " + b)));
    problems.addAll(HyperparameterRules.check(request.model().hyperparameters()));
    return problems;
  }

  private static void file(String field, Path file, List<Problem> problems) {
    if (!Files.isRegularFile(file)) {
      problems.add(new Problem(field, "there is no file " + file));
    } else if (!Files.isReadable(file)) {
      problems.add(new Problem(field, file + " can't be read"));
    }
  }

  private static boolean isAmount(String text) {
    try {
      return new BigDecimal(text).signum() >= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Override
  public FineTuningJob resume(String id) {
    Job job = engine.resume(id).orElseThrow(() -> new NotFoundException("job", id));
    if (job.state().status().ended()) {
      throw new RequestException(
          List.of(new Problem("id", id + " has ended: " + job.state().status().wireName())));
    }
    return FineTuningJob.of(job);
  }

  @Override
  public FineTuningJob get(String id) {
    return FineTuningJob.of(find(id));
  }

  @Override
  public List<FineTuningJob> list(Optional<String> after, int limit, Map<String, String> metadata) {
    return engine.list().stream()
        .filter(job -> job.request().metadata().entrySet().containsAll(metadata.entrySet()))
        .map(FineTuningJob::of)
        .limit(limit)
        .toList();
  }

  @Override
  public List<JobEvent> events(String id, Optional<Long> before, int limit) {
    find(id);
    return engine.events(id, 0).reversed().stream()
        .filter(event -> before.isEmpty() || event.seq() < before.get())
        .limit(limit)
        .toList();
  }

  @Override
  public List<JobCheckpoint> checkpoints(String id, Optional<String> after, int limit) {
    throw unsupported();
  }

  @Override
  public FineTuningJob pause(String id) {
    throw unsupported();
  }

  private static RequestException unsupported() {
    return new RequestException(
        List.of(new Problem("job", "jobs of this process can't do that; start a server")));
  }

  @Override
  public FineTuningJob follow(String id, long after, Consumer<JobEvent> events) {
    find(id);
    try {
      engine.follow(id, events);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return get(id);
  }

  @Override
  public FineTuningJob cancel(String id) {
    find(id);
    engine.cancel(id);
    return get(id);
  }

  private Job find(String id) {
    return engine.find(id).orElseThrow(() -> new NotFoundException("job", id));
  }
}
