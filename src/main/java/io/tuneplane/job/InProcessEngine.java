package io.tuneplane.job;

import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobOwners.Ownership;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Runs an organisation's jobs in this process, each on a thread of its own. Jobs end with the
/// process; [#resume] goes on with one that an earlier process left. Safe for many threads.
public final class InProcessEngine implements AutoCloseable {

  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  private final String organisation;
  private final Jobs jobs;
  private final JobOwners owners;
  private final JobWorker.Surroundings around;
  private final Map<String, Active> active = new ConcurrentHashMap<>();

  private record Active(JobLog log, JobWorker worker, Thread thread, Ownership ownership) {}

  /// An engine over the stores and places given.
  public InProcessEngine(
      String organisation, Jobs jobs, JobOwners owners, JobWorker.Surroundings around) {
    this.organisation = organisation;
    this.jobs = jobs;
    this.owners = owners;
    this.around = around;
  }

  /// Starts a job. The request's form has been checked.
  public Job start(JobRequest request) {
    String id = "ftjob-" + TunedModelName.base62(24, around.random());
    Job job = Job.asked(id, organisation, organisation, request, around.clock().instant());
    jobs.save(
        job,
        List.of(
            JobEvent.message(1, job.createdAt(), Level.INFO, "Created fine-tuning job: " + id)));
    return work(job);
  }

  /// Goes on with a job that was interrupted; no effect on one that has ended or is at work.
  public Optional<Job> resume(String id) {
    Optional<Job> job = jobs.find(organisation, id);
    return job.map(j -> j.state().status().ended() || active.containsKey(id) ? j : work(j));
  }

  private Job work(Job job) {
    Optional<Ownership> ownership = owners.tryOwn(job.id());
    if (ownership.isEmpty()) {
      return job;
    }
    JobLog log = new JobLog(jobs, around.clock(), job);
    JobWorker worker = new JobWorker(log, around);
    Thread thread = Thread.ofVirtual().name(job.id()).unstarted(() -> run(log, worker));
    active.put(job.id(), new Active(log, worker, thread, ownership.get()));
    thread.start();
    return job;
  }

  private void run(JobLog log, JobWorker worker) {
    String id = log.job().id();
    try {
      worker.run();
    } finally {
      Optional.ofNullable(active.remove(id)).ifPresent(a -> a.ownership().close());
      log.wake();
    }
  }

  /// One job. One that nobody works on though it has not ended shows as paused.
  public Optional<Job> find(String id) {
    return jobs.find(organisation, id).map(this::honest);
  }

  /// All jobs, newest first.
  public List<Job> list() {
    return jobs.list(organisation).stream().map(this::honest).toList();
  }

  private Job honest(Job job) {
    if (job.state().status().ended() || active.containsKey(job.id())) {
      return job;
    }
    return owners
        .tryOwn(job.id())
        .map(ownership -> {
          ownership.close();
          return job.with(
              new JobState(
                  JobStatus.QUEUED,
                  JobPhase.PAUSED,
                  Optional.of(
                      new JobState.Reason(
                          JobState.Reason.Code.PAUSED,
                          "interrupted; tuneplane tune --resume " + job.id())),
                  job.state().lastProgressAt(),
                  Optional.empty(),
                  Optional.empty()));
        })
        .orElse(job);
  }

  /// A job's events, oldest first.
  public List<JobEvent> events(String id, long after) {
    return jobs.find(organisation, id).map(job -> jobs.events(id, after)).orElse(List.of());
  }

  /// Hands over the job's events until it ends or is no longer worked on here.
  ///
  /// @throws InterruptedException if the thread was asked to stop; the job goes on
  public void follow(String id, Consumer<JobEvent> events) throws InterruptedException {
    long seen = 0;
    while (true) {
      Active at = active.get(id);
      for (JobEvent event : jobs.events(id, seen)) {
        events.accept(event);
        seen = event.seq();
      }
      if (at == null) {
        return;
      }
      at.log().awaitNews(seen, () -> !active.containsKey(id));
      if (at.log().job().state().status().ended()) {
        at.thread().join();
      }
    }
  }

  /// Asks a job to end.
  public void cancel(String id) {
    Active at = active.get(id);
    if (at != null) {
      at.worker().cancel();
      return;
    }
    jobs.find(organisation, id)
        .filter(job -> !job.state().status().ended())
        .ifPresent(this::cancelAbandoned);
  }

  /// Waits until a worker has written its last line. One that hangs in a call is left behind.
  private static void await(Thread worker) {
    try {
      worker.join(LONGEST_STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancelAbandoned(Job job) {
    job.run()
        .ifPresent(run ->
            around
                .places()
                .training(run.handle().backend())
                .ifPresent(place -> place.cancel(run.handle())));
    owners
        .tryOwn(job.id())
        .ifPresent(ownership -> {
          try (ownership) {
            JobLog log = new JobLog(jobs, around.clock(), job);
            log.save(
                job.with(job.state().ended(JobStatus.CANCELLED, around.clock().instant())),
                Level.INFO,
                "The job was cancelled");
          }
        });
  }

  /// Stops working; what was stored stays, and each job can be resumed.
  @Override
  public void close() {
    List<Active> all = List.copyOf(active.values());
    all.forEach(a -> a.worker().stop());
    all.forEach(a -> await(a.thread()));
  }
}
