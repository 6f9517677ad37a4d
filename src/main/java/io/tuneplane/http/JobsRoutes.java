package io.tuneplane.http;

import io.tuneplane.api.CheckpointObject;
import io.tuneplane.api.EventObject;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.JobBodies;
import io.tuneplane.api.JobsApi;
import io.tuneplane.api.Json;
import io.tuneplane.api.Page;
import io.tuneplane.api.ServerPaths;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.Sent;
import io.tuneplane.job.SentBeforeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `/v1/fine_tuning/jobs`.
final class JobsRoutes {

  private static final int USUAL = 20;
  private static final int MOST = 100;
  private static final int MOST_EVENTS = 1_000;
  private static final int USUAL_CHECKPOINTS = 10;
  private static final String METADATA = "metadata";

  private final Duration retries;

  /// @param retries how long a retry without an idempotency key is known as one
  JobsRoutes(Duration retries) {
    this.retries = retries;
  }

  void handlers(Handlers handlers) {
    handlers
        .on(Route.JOBS_CREATE, this::create)
        .on(Route.JOBS_LIST, JobsRoutes::list)
        .on(Route.JOBS_GET, call -> Answer.ok(jobs(call).get(id(call))))
        .on(Route.JOBS_CANCEL, call -> Answer.ok(jobs(call).cancel(id(call))))
        .on(Route.JOBS_PAUSE, call -> Answer.ok(jobs(call).pause(id(call))))
        .on(Route.JOBS_RESUME, call -> Answer.ok(jobs(call).resume(id(call))))
        .on(Route.JOBS_EVENTS, JobsRoutes::events)
        .on(Route.JOBS_CHECKPOINTS, JobsRoutes::checkpoints);
  }

  private static JobsApi jobs(Call call) {
    return call.api().jobs();
  }

  private static String id(Call call) {
    return call.part("job_id");
  }

  /// Which job a request makes is kept with the job itself: no crash comes between the two.
  private Answer create(Call call) {
    JobRequest request = JobBodies.read(call.json());
    ServerPaths.refuse(call.caller(), request.model().name());
    try {
      JobsApi.Created created = jobs(call).create(request, sent(call));
      return created.again()
          ? new Answer.Body(200, Json.tree(created.job()), Once.REPLAYED)
          : Answer.ok(created.job());
    } catch (SentBeforeException e) {
      throw Refusal.keyReused();
    }
  }

  private Sent sent(Call call) {
    Once.Request request = FrontDoor.onceRequest(call, call.fingerprint());
    return new Sent(
        request.key().map(_ -> request.name()),
        request.retry(),
        request.fingerprint(),
        request.retry() ? call.arrived().minus(retries) : call.arrived());
  }

  private static Answer list(Call call) {
    int limit = call.limit(USUAL, MOST);
    return Answer.ok(
        Page.of(
            jobs(call).list(call.query("after"), limit + 1, metadata(call)),
            limit,
            FineTuningJob::id));
  }

  /// `metadata[key]=value`, as OpenAI's clients send it.
  private static Map<String, String> metadata(Call call) {
    if (call.query(METADATA).isPresent()) {
      throw Refusal.field(
          METADATA, JobBodies.UNSUPPORTED, "metadata: only metadata[key]=value is offered");
    }
    Map<String, String> wanted = new TreeMap<>();
    for (String name : call.queries().keySet()) {
      if (name.startsWith(METADATA + "[") && name.endsWith("]")) {
        String key = name.substring(METADATA.length() + 1, name.length() - 1);
        wanted.put(key, call.query(name).orElse(""));
      }
    }
    return wanted;
  }

  private static Answer events(Call call) {
    int limit = call.limit(USUAL, MOST_EVENTS);
    Optional<Long> before =
        call.query("after")
            .map(id ->
                EventObject.seq(id(call), id)
                    .orElseThrow(() ->
                        Refusal.field("after", "invalid_value", "after: is no event of this job")));
    return Answer.ok(
        Page.of(
            jobs(call).events(id(call), before, limit + 1).stream()
                .map(event -> EventObject.of(id(call), event))
                .toList(),
            limit,
            EventObject::id));
  }

  private static Answer checkpoints(Call call) {
    int limit = call.limit(USUAL_CHECKPOINTS, MOST);
    Optional<String> model = jobs(call).get(id(call)).fineTunedModel();
    return Answer.ok(
        Page.of(
            jobs(call).checkpoints(id(call), call.query("after"), limit + 1).stream()
                .map(checkpoint -> CheckpointObject.of(checkpoint, model))
                .toList(),
            limit,
            CheckpointObject::id));
  }
}
