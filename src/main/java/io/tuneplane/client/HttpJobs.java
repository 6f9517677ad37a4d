package io.tuneplane.client;

import static io.tuneplane.client.Exchange.part;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.CheckpointObject;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.JobBodies;
import io.tuneplane.api.JobsApi;
import io.tuneplane.api.Json;
import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.Sent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Jobs of a server.
final class HttpJobs implements JobsApi {

  private static final String JOBS = "/v1/fine_tuning/jobs";

  private final Exchange exchange;
  private final Sleeper sleeper;

  HttpJobs(Exchange exchange, Sleeper sleeper) {
    this.exchange = exchange;
    this.sleeper = sleeper;
  }

  @Override
  public FineTuningJob create(JobRequest request) {
    return job(exchange.post(JOBS, JobBodies.write(request)));
  }

  @Override
  public Created create(JobRequest request, Sent sent) {
    Exchange.Once answer = exchange.postOnce(JOBS, JobBodies.write(request), sent.key());
    return new Created(job(answer.body()), answer.again());
  }

  @Override
  public FineTuningJob get(String id) {
    return job(exchange.get(path(id)));
  }

  @Override
  public List<FineTuningJob> list(Optional<String> after, int limit, Map<String, String> metadata) {
    StringBuilder query = new StringBuilder(JOBS + "?limit=" + limit);
    after.ifPresent(id -> query.append("&after=").append(part(id)));
    metadata.forEach((name, value) ->
        query.append("&metadata%5B").append(part(name)).append("%5D=").append(part(value)));
    return Answers.list(exchange.get(query.toString()), FineTuningJob.class);
  }

  @Override
  public List<JobEvent> events(String id, Optional<Long> before, int limit) {
    String query = before.map(seq -> "&before=" + seq).orElse("");
    return Answers.list(exchange.get(events(id) + "?limit=" + limit + query), JobEvent.class);
  }

  @Override
  public FineTuningJob follow(String id, long after, Consumer<JobEvent> events) {
    return new Following(exchange, events(id), after, events, sleeper)
        .toTheEnd()
        .orElseGet(() -> {
          boolean interrupted = Thread.interrupted();
          FineTuningJob left = get(id);
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
          return left;
        });
  }

  @Override
  public List<JobCheckpoint> checkpoints(String id, Optional<String> after, int limit) {
    String query = after.map(last -> "&after=" + part(last)).orElse("");
    return Answers.list(
            exchange.get(path(id) + "/checkpoints?limit=" + limit + query), CheckpointObject.class)
        .stream()
        .map(HttpJobs::checkpoint)
        .toList();
  }

  private static JobCheckpoint checkpoint(CheckpointObject seen) {
    return new JobCheckpoint(
        seen.id(),
        seen.fineTuningJobId(),
        seen.stepNumber(),
        seen.fineTunedModelCheckpoint(),
        Instant.ofEpochSecond(seen.createdAt()),
        seen.metrics());
  }

  @Override
  public FineTuningJob cancel(String id) {
    return act(id, "cancel");
  }

  @Override
  public FineTuningJob pause(String id) {
    return act(id, "pause");
  }

  @Override
  public FineTuningJob resume(String id) {
    return act(id, "resume");
  }

  private FineTuningJob act(String id, String what) {
    return job(exchange.post(path(id) + "/" + what, Json.mapper().createObjectNode()));
  }

  private static FineTuningJob job(JsonNode json) {
    return Answers.as(json, FineTuningJob.class);
  }

  private static String path(String id) {
    return JOBS + "/" + part(id);
  }

  private static String events(String id) {
    return "/api/v1/jobs/" + part(id) + "/events";
  }
}
