package io.tuneplane.api;

import io.tuneplane.job.JobEvent;
import java.util.Map;
import java.util.Optional;

/// An event, in the shape of OpenAI's `fine_tuning.job.event`. What is of another type there than
/// here, a checkpoint, is a message.
///
/// @param createdAt Unix seconds
/// @param data figures by name
public record EventObject(
    String object,
    String id,
    long createdAt,
    String level,
    String message,
    String type,
    Map<String, Object> data) {

  private static final String JOB = "ftjob-";
  private static final String EVENT = "ftevent-";

  /// The event as callers see it.
  public static EventObject of(String jobId, JobEvent event) {
    JobEvent.Type type =
        event.type() == JobEvent.Type.METRICS ? JobEvent.Type.METRICS : JobEvent.Type.MESSAGE;
    return new EventObject(
        "fine_tuning.job.event",
        prefix(jobId) + event.seq(),
        event.at().getEpochSecond(),
        event.level().wireName(),
        event.message(),
        type.wireName(),
        event.data());
  }

  /// The number within a job of the event with this id.
  ///
  /// @return empty if it is no event of that job
  public static Optional<Long> seq(String jobId, String eventId) {
    String prefix = prefix(jobId);
    return Optional.of(eventId)
        .filter(id -> id.startsWith(prefix))
        .map(id -> id.substring(prefix.length()))
        .filter(digits -> digits.matches("[1-9][0-9]{0,17}"))
        .map(Long::valueOf);
  }

  private static String prefix(String jobId) {
    return EVENT + (jobId.startsWith(JOB) ? jobId.substring(JOB.length()) : jobId) + "-";
  }
}
