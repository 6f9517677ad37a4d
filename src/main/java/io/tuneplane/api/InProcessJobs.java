package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.Asker;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEngine;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobPlan;
import io.tuneplane.job.JobRefusedException;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobStateException;
import io.tuneplane.job.Sent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The jobs of a caller's organisation. Safe for many threads.
public final class InProcessJobs implements JobsApi {

  private final Caller caller;
  private final JobEngine engine;
  private final ModelEnds ends;

  /// @param caller whose jobs they are
  /// @param ends when the models that they tune stop
  public InProcessJobs(Caller caller, JobEngine engine, ModelEnds ends) {
    this.caller = caller;
    this.engine = engine;
    this.ends = ends;
  }

  @Override
  public FineTuningJob create(JobRequest request) {
    return taken(() -> shown(engine.create(asker(), request)));
  }

  @Override
  public Created create(JobRequest request, Sent sent) {
    return taken(() -> {
      JobEngine.Created created = engine.create(asker(), request, sent);
      return new Created(shown(created.job()), created.again());
    });
  }

  private Asker asker() {
    return new Asker(caller.organisation(), caller.keyId(), caller.flags());
  }

  private static <T> T taken(Supplier<T> create) {
    try {
      return create.get();
    } catch (JobRefusedException e) {
      throw new RequestException(e.problems(), e.code());
    }
  }

  @Override
  public FineTuningJob get(String id) {
    return job(id, engine.find(caller.organisation(), id));
  }

  @Override
  public List<FineTuningJob> list(Optional<String> after, int limit, Map<String, String> metadata) {
    return engine.list(caller.organisation(), after, limit, metadata).stream()
        .map(this::shown)
        .toList();
  }

  @Override
  public List<JobEvent> events(String id, Optional<Long> before, int limit) {
    return found(id, engine.events(caller.organisation(), id, before, limit));
  }

  @Override
  public List<JobCheckpoint> checkpoints(String id, Optional<String> after, int limit) {
    return found(id, engine.checkpoints(caller.organisation(), id, after, limit));
  }

  @Override
  public FineTuningJob follow(String id, long after, Consumer<JobEvent> events) {
    try {
      return job(id, engine.follow(caller.organisation(), id, after, events));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return get(id);
    }
  }

  @Override
  public FineTuningJob cancel(String id) {
    return job(id, allowed(() -> engine.cancel(caller.organisation(), id)));
  }

  @Override
  public FineTuningJob pause(String id) {
    return job(id, allowed(() -> engine.pause(caller.organisation(), id)));
  }

  @Override
  public FineTuningJob resume(String id) {
    return job(id, allowed(() -> engine.resume(caller.organisation(), id)));
  }

  private static <T> T allowed(Supplier<T> command) {
    try {
      return command.get();
    } catch (JobStateException e) {
      throw new RequestException(
          List.of(new Problem("id", String.valueOf(e.getMessage()))), "invalid_state");
    }
  }

  private FineTuningJob job(String id, Optional<Job> job) {
    return shown(found(id, job));
  }

  private FineTuningJob shown(Job job) {
    return FineTuningJob.of(job, warning(job));
  }

  /// What is to be said of the end of the model that it tunes, or has tuned.
  private Optional<String> warning(Job job) {
    Optional<String> backend =
        job.plan().map(JobPlan::backend).or(() -> job.run().map(run -> run.handle().backend()));
    Optional<String> model = job.plan().map(JobPlan::model).or(() -> job.request().model().name());
    return backend.flatMap(b -> model.flatMap(m -> ends.warning(b, m)));
  }

  private static <T> T found(String id, Optional<T> answer) {
    return answer.orElseThrow(() -> new NotFoundException("job", id));
  }
}
