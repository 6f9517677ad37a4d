package io.tuneplane.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.JobsApi;
import io.tuneplane.api.Json;
import io.tuneplane.job.JobEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A job's events in full: as they come (server-sent events, from `Last-Event-ID` on), or a page of
/// them, newest first.
final class FollowRoute {

  private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
  private static final String EVENTS = "text/event-stream";
  private static final int USUAL = 100;
  private static final int MOST = 1_000;

  private final Duration probe;

  /// @param probe how often a silent stream is tried
  FollowRoute(Duration probe) {
    this.probe = probe;
  }

  void handlers(Handlers handlers) {
    handlers.on(Route.EVENTS, this::events);
  }

  private Answer events(Call call) {
    JobsApi jobs = call.api().jobs();
    String id = call.part("job_id");
    if (!call.header(HeaderNames.ACCEPT).orElse("").contains(EVENTS)) {
      return Answer.ok(
          jobs.events(id, number(call.query("before"), "before"), call.limit(USUAL, MOST)));
    }
    long after = number(call.header(LAST_EVENT_ID), "Last-Event-ID").orElse(0L);
    jobs.get(id); // whoever asks for a job that isn't theirs is told so by a status
    return new Answer.Events(out -> follow(jobs, id, after, out), Map.of());
  }

  private static Optional<Long> number(Optional<String> text, String name) {
    return text.map(digits -> {
      if (!digits.matches("[0-9]{1,18}")) {
        throw Refusal.field(name, "invalid_value", name + ": must be an event's number");
      }
      return Long.valueOf(digits);
    });
  }

  private void follow(JobsApi jobs, String id, long after, EventStream out) throws IOException {
    try (Relay<JobEvent, FineTuningJob> relay =
        Relay.start("follow-" + id, sink -> jobs.follow(id, after, sink::piece))) {
      boolean open = true;
      while (open) {
        Optional<Relay.Item<JobEvent, FineTuningJob>> item = relay.next(probe);
        if (item.isEmpty()) {
          out.probe();
        } else {
          open = send(item.get(), out);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns whether more is to come.
  private static boolean send(Relay.Item<JobEvent, FineTuningJob> item, EventStream out)
      throws IOException {
    return switch (item) {
      case Relay.Item.Piece<JobEvent, FineTuningJob>(JobEvent event) -> {
        out.numbered(event.seq(), Json.tree(event));
        yield true;
      }
      case Relay.Item.End<JobEvent, FineTuningJob>(FineTuningJob job) -> {
        out.named("end", Json.tree(job));
        yield false;
      }
      case Relay.Item.Broken<JobEvent, FineTuningJob>(RuntimeException failure) -> {
        out.named("error", Failures.of(failure, "follow").json());
        yield false;
      }
    };
  }
}
