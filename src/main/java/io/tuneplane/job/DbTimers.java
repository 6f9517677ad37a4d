package io.tuneplane.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.JacksonSerializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Timers in the database, shared by every server on it; a lease keeps two of them off one job, and
/// a job whose server is gone is taken over when the lease runs out. A job that is pinned to a host
/// has a timer of that host's own, which others do not see. What becomes due in this process is
/// taken up at once, not at the next look. Safe for many threads.
public final class DbTimers implements JobTimers {

  private static final Logger LOG = LoggerFactory.getLogger(DbTimers.class);
  private static final String ANYWHERE = "job";
  private static final Duration FAILED_AGAIN = Duration.ofSeconds(5);
  private static final Duration NEVER = Duration.ofDays(36_500);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private final DataSource database;
  private final InstantSource clock;
  private final Settings settings;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable Scheduler scheduler;
  private @Nullable Alarm alarm;

  /// How timers are kept.
  ///
  /// @param name this server, for people
  /// @param host this data directory's host id, for jobs that are pinned to it
  /// @param shared whether the database is one that many servers use at once (PostgreSQL)
  /// @param atOnce how many jobs are worked on at a time
  /// @param poll how often due timers are looked for
  /// @param heartbeat how often a lease is renewed; it runs out after six that are missed
  public record Settings(
      String name,
      Optional<String> host,
      boolean shared,
      int atOnce,
      Duration poll,
      Duration heartbeat) {

    /// A hundred jobs at a time, a look a second, a heartbeat a second.
    public static Settings of(String name, Optional<String> host, boolean shared) {
      return new Settings(name, host, shared, 100, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }
  }

  public DbTimers(DataSource database, InstantSource clock, Settings settings) {
    this.database = database;
    this.clock = clock;
    this.settings = settings;
  }

  @Override
  public void start(Work work) {
    List<CustomTask<Void>> tasks = new ArrayList<>();
    tasks.add(task(ANYWHERE, work));
    settings.host().ifPresent(host -> tasks.add(task(name(Optional.of(host)), work)));
    SchedulerBuilder builder =
        Scheduler.create(database, List.copyOf(tasks))
            .startTasks(
                Tasks.recurring("sweep", FixedDelay.of(FAILED_AGAIN))
                    .execute((_, _) -> work.sweep()))
            .schedulerName(new SchedulerName.Fixed(settings.name()))
            .clock(clock::instant)
            .threads(settings.atOnce())
            .executorService(threads)
            .pollingInterval(settings.poll())
            .heartbeatInterval(settings.heartbeat())
            .missedHeartbeatsLimit(6)
            .deleteUnresolvedAfter(NEVER)
            .shutdownMaxWait(LONGEST_STOP)
            .enableImmediateExecution()
            .failureLogging(LogLevel.WARN, false)
            .serializer(new JacksonSerializer());
    Scheduler made =
        (settings.shared()
                ? builder.pollUsingLockAndFetch(0.5, 1.0)
                : builder.pollUsingFetch(0.5, 3.0))
            .build();
    scheduler = made;
    alarm = new Alarm(settings.poll(), made::triggerCheckForDueExecutions);
    made.start();
  }

  private CustomTask<Void> task(String name, Work work) {
    return Tasks.custom(name, Void.class)
        .onFailure(new FailureHandler.OnFailureRetryLater<>(FAILED_AGAIN))
        .onDeadExecutionRevive()
        .execute((instance, _) -> again(name, work.work(instance.getId())));
  }

  private CompletionHandler<Void> again(String name, Optional<Due> due) {
    return new CompletionHandler<>() {
      @Override
      public void complete(ExecutionComplete done, ExecutionOperations<Void> operations) {
        if (due.isEmpty()) {
          operations.stop();
        } else if (name(due.get().host()).equals(name)) {
          operations.reschedule(done, due.get().at());
          ringAt(due.get().at());
        } else {
          // It is pinned now: from here on its host's own timer looks after it.
          operations.stop();
          wake(done.getExecution().getId(), due.get());
        }
      }
    };
  }

  private void ringAt(Instant at) {
    Alarm set = alarm;
    if (set != null) {
      set.in(Duration.between(clock.instant(), at));
    }
  }

  private static String name(Optional<String> host) {
    return host.map(h -> ANYWHERE + "@" + h).orElse(ANYWHERE);
  }

  @Override
  public void wake(String jobId, Due due) {
    Scheduler running = scheduler;
    if (running == null) {
      return;
    }
    if (due.host().isPresent() && !due.host().equals(settings.host())) {
      // The host that it is pinned to makes the timer itself, in its own sweep.
      return;
    }
    TaskInstance<Void> timer = new TaskInstance<>(name(due.host()), jobId);
    try {
      boolean inTime =
          running
              .getScheduledExecution(timer)
              .filter(known -> known.isPicked() || !known.getExecutionTime().isAfter(due.at()))
              .isPresent();
      if (inTime) {
        return;
      }
      running.schedule(timer, due.at(), ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
      ringAt(due.at());
    } catch (TaskInstanceCurrentlyExecutingException e) {
      LOG.debug("{} is being worked on; whoever does looks again before it lets go", jobId);
    } catch (DbSchedulerException e) {
      // The job is kept, and so is when it is due: the sweep makes up for what failed here.
      LOG.info("the timer of {} changed meanwhile: {}", jobId, e.getMessage());
    }
  }

  @Override
  public void close() {
    if (alarm != null) {
      alarm.close();
    }
    if (scheduler != null) {
      scheduler.stop();
    }
    threads.close();
  }
}
