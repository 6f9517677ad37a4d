package io.tuneplane.http;

import io.tuneplane.access.Caller;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.JobsApi;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobPhase;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobResult;
import io.tuneplane.job.JobState;
import io.tuneplane.job.JobStatus;
import io.tuneplane.job.Sent;
import io.tuneplane.job.SentBeforeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// Jobs that are told how they stand. One world for all callers; each sees its organisation's.
final class MemoryJobs {

  static final Instant START = Instant.ofEpochSecond(1_800_000_000L);

  /// How many events every job has.
  static final int EVENTS = 7;

  private final List<Job> jobs = new ArrayList<>();
  private final Deque<Receipt> receipts = new ArrayDeque<>();
  private final Map<String, CountDownLatch> ends = new ConcurrentHashMap<>();

  private record Receipt(String organisation, Sent sent, Instant at, String id) {
    boolean isOf(Sent other) {
      if (other.key().isPresent()) {
        boolean same = other.key().equals(sent.key());
        if (same && !other.fingerprint().equals(sent.fingerprint())) {
          throw new SentBeforeException();
        }
        return same;
      }
      return other.fingerprint().equals(sent.fingerprint())
          && !at.isBefore(other.alike())
          && (other.retry() || sent.retry());
    }
  }

  synchronized int count() {
    return jobs.size();
  }

  /// What a caller sees.
  JobsApi of(Caller caller) {
    return new View(caller.organisation());
  }

  private synchronized Job create(String organisation, JobRequest request) {
    String id = "ftjob-%024d".formatted(jobs.size() + 1);
    Job job = Job.asked(id, organisation, "key-1", request, START.plusSeconds(jobs.size()));
    jobs.add(job);
    ends.put(id, new CountDownLatch(1));
    return job;
  }

  private synchronized Job find(String organisation, String id) {
    return jobs.stream()
        .filter(job -> job.organisation().equals(organisation) && job.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new NotFoundException("job", id));
  }

  private synchronized Job set(Job job, JobStatus status, JobPhase phase) {
    Job next =
        new Job(
            job.id(),
            job.organisation(),
            job.actor(),
            job.createdAt(),
            job.request(),
            new JobState(
                status,
                phase,
                Optional.empty(),
                START,
                status.ended() ? Optional.of(START) : Optional.empty(),
                Optional.empty()),
            job.plan(),
            job.run(),
            status == JobStatus.SUCCEEDED
                ? Optional.of(
                    new JobResult(
                        "ft:smollm2-135m-instruct:default::ab12cd34", 420, 1, "ok", List.of()))
                : Optional.empty(),
            job.course());
    jobs.replaceAll(old -> old.id().equals(job.id()) ? next : old);
    return next;
  }

  /// Lets a job succeed.
  void succeed(String id) {
    synchronized (this) {
      jobs.stream()
          .filter(job -> job.id().equals(id))
          .findFirst()
          .ifPresent(job -> set(job, JobStatus.SUCCEEDED, JobPhase.ENDED));
    }
    Optional.ofNullable(ends.get(id)).ifPresent(CountDownLatch::countDown);
  }

  static JobEvent event(long seq) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("step", seq);
    data.put("train_loss", 0.5);
    return new JobEvent(
        seq,
        START.plusSeconds(seq),
        seq % 3 == 0 ? JobEvent.Type.CHECKPOINT : JobEvent.Type.METRICS,
        JobEvent.Level.INFO,
        "event " + seq,
        new LinkedHashMap<>(data));
  }

  private final class View implements JobsApi {

    private final String organisation;

    View(String organisation) {
      this.organisation = organisation;
    }

    @Override
    public FineTuningJob create(JobRequest request) {
      if (request.trainingFile().equals("file-unknown")) {
        throw new RequestException(
            List.of(new Problem("training_file", "there is no file \"file-unknown\"")));
      }
      return FineTuningJob.of(MemoryJobs.this.create(organisation, request), Optional.empty());
    }

    @Override
    public Created create(JobRequest request, Sent sent) {
      synchronized (MemoryJobs.this) {
        Optional<String> earlier =
            receipts.stream()
                .filter(receipt -> receipt.organisation().equals(organisation))
                .filter(receipt -> receipt.isOf(sent))
                .findFirst()
                .map(Receipt::id);
        if (earlier.isPresent()) {
          return new Created(get(earlier.get()), true);
        }
        FineTuningJob job = create(request);
        receipts.addFirst(new Receipt(organisation, sent, Instant.now(), job.id()));
        return new Created(job, false);
      }
    }

    @Override
    public FineTuningJob get(String id) {
      return FineTuningJob.of(find(organisation, id), Optional.empty());
    }

    @Override
    public List<FineTuningJob> list(
        Optional<String> after, int limit, Map<String, String> metadata) {
      synchronized (MemoryJobs.this) {
        return jobs.reversed().stream()
            .filter(job -> job.organisation().equals(organisation))
            .filter(job -> job.request().metadata().entrySet().containsAll(metadata.entrySet()))
            .dropWhile(job -> after.isPresent() && !job.id().equals(after.get()))
            .skip(after.isPresent() ? 1 : 0)
            .limit(limit)
            .map(job -> FineTuningJob.of(job, Optional.empty()))
            .toList();
      }
    }

    @Override
    public List<JobEvent> events(String id, Optional<Long> before, int limit) {
      find(organisation, id);
      return LongStream.rangeClosed(1, EVENTS)
          .map(seq -> EVENTS + 1 - seq)
          .filter(seq -> before.isEmpty() || seq < before.get())
          .limit(limit)
          .mapToObj(MemoryJobs::event)
          .toList();
    }

    @Override
    public FineTuningJob follow(String id, long after, Consumer<JobEvent> events) {
      find(organisation, id);
      LongStream.rangeClosed(after + 1, EVENTS).mapToObj(MemoryJobs::event).forEach(events);
      try {
        Optional.ofNullable(ends.get(id)).orElseThrow().await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return get(id);
    }

    @Override
    public List<JobCheckpoint> checkpoints(String id, Optional<String> after, int limit) {
      find(organisation, id);
      return LongStream.of(30, 20, 10)
          .mapToObj(step ->
              new JobCheckpoint(
                  "ftckpt_" + step, id, step, "step-" + step, START, Map.of("train_loss", 0.25)))
          .dropWhile(c -> after.isPresent() && !c.id().equals(after.get()))
          .skip(after.isPresent() ? 1 : 0)
          .limit(limit)
          .toList();
    }

    @Override
    public FineTuningJob cancel(String id) {
      Job job = find(organisation, id);
      if (job.state().status().ended()) {
        throw new RequestException(
            List.of(new Problem("id", id + " has ended: " + job.state().status().wireName())));
      }
      return FineTuningJob.of(set(job, JobStatus.CANCELLED, JobPhase.ENDED), Optional.empty());
    }

    @Override
    public FineTuningJob pause(String id) {
      return FineTuningJob.of(
          set(find(organisation, id), JobStatus.QUEUED, JobPhase.PAUSED), Optional.empty());
    }

    @Override
    public FineTuningJob resume(String id) {
      return FineTuningJob.of(
          set(find(organisation, id), JobStatus.RUNNING, JobPhase.TRAINING), Optional.empty());
    }
  }
}
