package io.tuneplane.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.client.ServerException.Kind;
import io.tuneplane.job.JobEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Follows one job to its end, over as many connections as that takes: each goes on behind the last
/// event that was handed over, so that none is lost or comes twice. For one thread.
final class Following {

  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  /// How often a server may be found silent in a row: about two minutes.
  private static final int PATIENCE = 40;

  private static final int SERVER_ERROR = 500;
  private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");

  private final Exchange exchange;
  private final String path;
  private final Consumer<JobEvent> events;
  private final Sleeper sleeper;
  private long seen;
  private int silent;

  Following(
      Exchange exchange, String path, long after, Consumer<JobEvent> events, Sleeper sleeper) {
    this.exchange = exchange;
    this.path = path;
    this.seen = after;
    this.events = events;
    this.sleeper = sleeper;
  }

  /// The job as it ended; empty if the thread was interrupted.
  Optional<FineTuningJob> toTheEnd() {
    while (!Thread.currentThread().isInterrupted()) {
      Optional<FineTuningJob> ended = once();
      if (ended.isPresent()) {
        return ended;
      }
      try {
        sleeper.sleep(wait(silent));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Optional.empty();
  }

  private Optional<FineTuningJob> once() {
    try (EventReader reader = new EventReader(exchange.events(path, seen))) {
      for (Optional<EventReader.Event> next = reader.next();
          next.isPresent();
          next = reader.next()) {
        JsonNode data = Answers.json(next.get().data());
        switch (next.get().name()) {
          case "end" -> {
            return Optional.of(Answers.as(data, FineTuningJob.class)).filter(Following::hasEnded);
          }
          case "error" -> throw Answers.error(SERVER_ERROR, data.toString());
          default -> show(Answers.as(data, JobEvent.class));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      again(new ServerException(Kind.UNREACHABLE, "the server went away and did not come back", e));
    } catch (ServerException e) {
      if (e.kind() != Kind.UNREACHABLE && e.kind() != Kind.FAILED) {
        throw e;
      }
      again(e);
    }
    return Optional.empty();
  }

  /// A server that is being stopped tells its followers of the job as it leaves it.
  private static boolean hasEnded(FineTuningJob job) {
    return ENDED.contains(job.status());
  }

  private void show(JobEvent event) {
    silent = 0;
    if (event.seq() > seen) {
      seen = event.seq();
      events.accept(event);
    }
  }

  private void again(ServerException failure) {
    if (++silent > PATIENCE) {
      throw failure;
    }
    exchange.forget();
  }

  private static Duration wait(int silent) {
    Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.min(silent, 6));
    return doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
  }
}
