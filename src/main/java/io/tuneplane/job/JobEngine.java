package io.tuneplane.job;

import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.job.JobTimers.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs jobs: keeps each step before the next, so that whoever comes after a crash goes on from
/// there. Any number of engines may share a store. Safe for many threads.
public final class JobEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobEngine.class);

  /// How often a command is computed again when the job has moved on meanwhile.
  private static final int COMMAND_TRIES = 50;

  private static final int SWEEP = 500;
  private static final Duration FOLLOW_PATIENCE = Duration.ofSeconds(30);

  /// A submission that was begun longer ago than this may be somebody else's by now: this process
  /// stood still.
  private static final Duration STALE_INTENT = Duration.ofSeconds(20);

  /// Where jobs and what belongs to them are kept.
  public record Stores(JobStore jobs, TunedModels models, DataFiles files) {}

  /// What jobs are planned with and run on.
  public record Reach(JobPlanner planner, Places places) {}

  /// Time and chance.
  ///
  /// @param clock the database's time, that no jump of this machine's clock moves
  public record Chance(InstantSource clock, RandomGenerator random, Pause pause) {}

  /// How this engine is set up.
  ///
  /// @param host this data directory's host id; empty where no job is pinned to a host
  /// @param aliases names of models that stand for others
  public record Setup(Optional<String> host, JobRules rules, Map<String, String> aliases) {}

  private final JobStore jobs;
  private final Places places;
  private final JobTimers timers;
  private final Chance chance;
  private final Setup setup;
  private final JobMachine machine;
  private final JobHands hands;
  private final JobIntake intake;
  private final JobNews news;
  private final Strays strays;
  private volatile boolean closing;

  /// An engine that does nothing before [#start].
  public JobEngine(Stores stores, Reach reach, JobTimers timers, Chance chance, Setup setup) {
    this.jobs = stores.jobs();
    this.places = reach.places();
    this.timers = timers;
    this.chance = chance;
    this.setup = setup;
    this.machine = new JobMachine(setup.rules());
    this.hands =
        new JobHands(
            reach.planner(),
            reach.places(),
            stores.models(),
            new Results(stores.jobs(), stores.models(), stores.files()),
            setup.host());
    this.intake = new JobIntake(stores.files(), reach.planner()::knows, setup.aliases());
    this.strays = new Strays(stores.jobs(), reach.places(), chance.clock());
    this.news = new JobNews(stores.jobs(), chance.pause());
  }

  /// Begins to work on jobs: those that are due, whoever left them.
  public void start() {
    timers.start(
        new JobTimers.Work() {
          @Override
          public Optional<Due> work(String jobId) {
            return JobEngine.this.work(jobId);
          }

          @Override
          public void sweep() {
            JobEngine.this.sweep();
          }
        });
  }

  /// Asks for a job, which starts at once.
  ///
  /// @throws JobRefusedException if something is wrong that can be known without reading the data
  public Job create(Asker asker, JobRequest asked) {
    JobIntake.Taken taken = intake.take(asker, asked);
    Job job = asked(asker, taken.request());
    jobs.create(job, firstEvents(job, taken.words()), job.createdAt());
    wake(job);
    return job;
  }

  /// What became of a request for a job.
  ///
  /// @param job as it was when it was asked for
  /// @param again whether an earlier attempt at the request made it
  public record Created(Job job, boolean again) {}

  /// Asks for a job once, however often the request is sent, and whenever a server dies meanwhile.
  ///
  /// @throws JobRefusedException as above; an attempt that comes after a job was made is never
  ///   refused
  /// @throws SentBeforeException if the request's key is another request's
  public Created create(Asker asker, JobRequest asked, Sent sent) {
    Optional<String> made = jobs.made(asker.organisation(), sent);
    if (made.isPresent()) {
      return again(made.get());
    }
    JobIntake.Taken taken = intake.take(asker, asked);
    Job job = asked(asker, taken.request());
    Optional<String> earlier =
        jobs.create(job, firstEvents(job, taken.words()), job.createdAt(), sent);
    if (earlier.isPresent()) {
      return again(earlier.get());
    }
    wake(job);
    return new Created(job, false);
  }

  private Created again(String id) {
    Job job = jobs.load(id).orElseThrow().job();
    Job asked = Job.asked(id, job.organisation(), job.actor(), job.request(), job.createdAt());
    return new Created(asked, true);
  }

  private Job asked(Asker asker, JobRequest request) {
    String id = Ids.job(chance.random());
    return Job.asked(id, asker.organisation(), asker.actor(), request, now());
  }

  private static List<JobEvent> firstEvents(Job job, List<String> words) {
    Instant at = job.createdAt();
    List<JobEvent> events = new ArrayList<>();
    events.add(JobEvent.message(1, at, Level.INFO, "Created fine-tuning job: " + job.id()));
    words.forEach(w -> events.add(JobEvent.message(events.size() + 1, at, Level.INFO, w)));
    return events;
  }

  /// One job of an organisation.
  public Optional<Job> find(String organisation, String id) {
    return jobs.find(organisation, id).map(JobStore.Stored::job);
  }

  /// An organisation's jobs, newest first.
  ///
  /// @param after the id of the last job of the page before
  /// @param metadata only jobs that carry all of these labels
  public List<Job> list(
      String organisation, Optional<String> after, int limit, Map<String, String> metadata) {
    return jobs.list(organisation, after, limit, metadata);
  }

  /// A job's events, newest first; empty where there is no such job.
  ///
  /// @param before the number to end before; empty to begin with the newest
  public Optional<List<JobEvent>> events(
      String organisation, String id, Optional<Long> before, int limit) {
    return jobs.find(organisation, id).map(_ -> jobs.eventsBefore(id, before, limit));
  }

  /// A job's checkpoints, newest first; empty where there is no such job.
  ///
  /// @param after the id of the last one of the page before
  public Optional<List<JobCheckpoint>> checkpoints(
      String organisation, String id, Optional<String> after, int limit) {
    return jobs.find(organisation, id).map(_ -> jobs.checkpoints(id, after, limit));
  }

  /// Asks a job to end. One that was not submitted ends at once. No effect on one that was asked
  /// before.
  ///
  /// @return the job; empty where there is none
  /// @throws JobStateException if it has ended
  public Optional<Job> cancel(String organisation, String id) {
    return command(organisation, id, JobCommands::cancel);
  }

  /// Asks a job to stop after a checkpoint, and keep what it has.
  ///
  /// @throws JobStateException if it has ended, or its place can't pause
  public Optional<Job> pause(String organisation, String id) {
    return command(organisation, id, (job, now) -> JobCommands.pause(job, pausable(job), now));
  }

  /// Lets a paused job go on; no effect on one that does.
  ///
  /// @throws JobStateException if it has ended, or is about to
  public Optional<Job> resume(String organisation, String id) {
    return command(organisation, id, JobCommands::resume);
  }

  private boolean pausable(Job job) {
    return job.plan()
        .flatMap(plan -> places.training(plan.backend()))
        .filter(place -> place.capabilities().pausable())
        .isPresent();
  }

  private Optional<Job> command(
      String organisation, String id, BiFunction<Job, Instant, Optional<Step>> command) {
    for (int tries = 1; ; tries++) {
      Optional<JobStore.Stored> stored = jobs.find(organisation, id);
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      Optional<Step> step = command.apply(stored.get().job(), now());
      if (step.isEmpty()) {
        return stored.map(JobStore.Stored::job);
      }
      try {
        Job job = keep(stored.get(), step.get());
        wake(job);
        return Optional.of(job);
      } catch (StaleJobException e) {
        if (tries == COMMAND_TRIES) {
          throw e;
        }
      }
    }
  }

  /// Begins to follow a job's events; close what is given.
  public Optional<Following> watch(String organisation, String id) {
    return jobs.find(organisation, id).map(_ -> news.follow(id));
  }

  /// Hands over a job's events, oldest first, until it ends or this engine closes.
  ///
  /// @param after the number to start behind; 0 for all
  /// @return the job as it was left; empty where there is none
  /// @throws InterruptedException if the thread was asked to stop; the job goes on
  public Optional<Job> follow(String organisation, String id, long after, Consumer<JobEvent> events)
      throws InterruptedException {
    Optional<Following> followed = watch(organisation, id);
    if (followed.isEmpty()) {
      return Optional.empty();
    }
    try (Following following = followed.get()) {
      long seen = after;
      while (true) {
        Following.News heard = following.next(seen, FOLLOW_PATIENCE);
        for (JobEvent event : heard.events()) {
          events.accept(event);
          seen = event.seq();
        }
        if (heard.last()) {
          return find(organisation, id);
        }
      }
    }
  }

  /// Works on a job until nothing is due for it now.
  private Optional<Due> work(String id) {
    while (true) {
      Optional<JobStore.Stored> stored = jobs.load(id);
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      Job job = stored.get().job();
      Optional<Due> due = job.wakeAt().map(at -> new Due(at, job.course().host()));
      if (due.isEmpty() || closing || isElsewhere(job)) {
        return due;
      }
      try {
        if (!advanced(stored.get())) {
          return due;
        }
      } catch (StaleJobException e) {
        // Somebody has written a command, or had taken the job over: look again.
        LOG.debug("{}: {}", id, e.getMessage());
      }
    }
  }

  private boolean isElsewhere(Job job) {
    return job.course().host().filter(host -> !setup.host().equals(Optional.of(host))).isPresent();
  }

  /// Takes one step, if one is due.
  private boolean advanced(JobStore.Stored stored) {
    Act act = JobActs.next(stored.job(), now());
    return switch (act) {
      case Act.Nothing _, Act.Wait _ -> false;
      case Act.Turn turn -> {
        keep(stored, Turns.of(stored.job(), turn.kind(), now()));
        yield true;
      }
      case Act.Submit submit -> {
        submit(stored, submit);
        yield true;
      }
      case Act.Plan _, Act.Find _, Act.Observe _, Act.Tell _, Act.Gate _, Act.Publish _ -> {
        carryOut(stored, act);
        yield true;
      }
    };
  }

  private void carryOut(JobStore.Stored stored, Act act) {
    Outcome outcome = hands.perform(stored.job(), act);
    Instant now = now();
    try {
      keep(stored, machine.next(stored.job(), act, outcome, now));
    } catch (BudgetExceededException e) {
      JobError error = JobError.of("budget_exceeded", String.valueOf(e.getMessage()));
      keep(stored, machine.next(stored.job(), act, new Outcome.Refused(error), now));
    }
  }

  /// The intent is on disk before the place is called.
  private void submit(JobStore.Stored stored, Act.Submit act) {
    Instant begun = now();
    Step intent = Turns.begin(stored.job(), begun);
    keep(stored, intent);
    JobStore.Stored mine =
        new JobStore.Stored(intent.job(), stored.version() + 1, stored.lastSeq());
    if (now().isAfter(begun.plus(STALE_INTENT))) {
      // Whoever found the intent meanwhile asks the place; so does this process at its next look.
      return;
    }
    Outcome outcome = hands.perform(mine.job(), act);
    try {
      keep(mine, machine.next(mine.job(), act, outcome, now()));
    } catch (StaleJobException e) {
      if (outcome instanceof Outcome.Submitted submitted) {
        strays.takeIn(mine.job().id(), submitted.run());
      }
      throw e;
    }
  }

  private Job keep(JobStore.Stored before, Step step) {
    jobs.advance(step.from(before, now()));
    news.tell(before.job().id());
    return step.job();
  }

  private void wake(Job job) {
    job.wakeAt().ifPresent(at -> timers.wake(job.id(), new Due(at, job.course().host())));
  }

  /// Makes timers for due jobs that have none, and brings late ones forward.
  private void sweep() {
    for (String id : jobs.due(now(), SWEEP)) {
      jobs.load(id).map(JobStore.Stored::job).ifPresent(this::wake);
    }
  }

  private Instant now() {
    return chance.clock().instant();
  }

  /// Takes up nothing more; steps that were begun are finished and kept. Jobs go on with the next
  /// engine.
  @Override
  public void close() {
    closing = true;
    news.close();
    timers.close();
  }
}
