package io.tuneplane.backend.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.Page;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.checkpoints.CheckpointListParams;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.TrainingEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads a run's events and checkpoints. The host lists both newest first, in pages; a look goes
/// back to where the last one ended, so that none is lost or told twice, however many pages lie in
/// between and whatever is added meanwhile.
final class RunLog {

  private static final long PAGE = 100;

  private final OpenAIClient client;
  private final String job;

  RunLog(OpenAIClient client, String job) {
    this.client = client;
    this.job = job;
  }

  /// What one look showed.
  ///
  /// @param events what was new, oldest first
  /// @param next where the next look begins
  /// @param lastStep the last optimiser step that was heard of; 0 for none
  record Look(List<TrainingEvent> events, Cursor next, long lastStep) {}

  Look since(Cursor cursor) {
    Position from = Position.of(cursor);
    Page<FineTuningJobEvent> newest =
        client
            .fineTuning()
            .jobs()
            .listEvents(JobListEventsParams.builder().fineTuningJobId(job).limit(PAGE).build());
    List<FineTuningJobEvent> events = newer(newest, from.event(), FineTuningJobEvent::id);
    List<FineTuningJobCheckpoint> checkpoints = checkpoints(from);
    List<TrainingEvent> told =
        Stream.concat(
                events.stream().map(WireEvents::event),
                checkpoints.stream().map(WireEvents::checkpoint))
            .sorted(Comparator.comparing(TrainingEvent::at))
            .toList();
    return new Look(told, from.after(events, checkpoints).cursor(), lastStep(newest, told));
  }

  private List<FineTuningJobCheckpoint> checkpoints(Position from) {
    return newer(
        client
            .fineTuning()
            .jobs()
            .checkpoints()
            .list(CheckpointListParams.builder().fineTuningJobId(job).limit(PAGE).build()),
        from.checkpoint(),
        FineTuningJobCheckpoint::id);
  }

  /// What is newer than the one that was seen last, oldest first; one that stands on two pages is
  /// taken once.
  private static <T> List<T> newer(Page<T> newest, String seen, Function<T, String> id) {
    SequencedMap<String, T> found = new LinkedHashMap<>();
    Page<T> page = newest;
    while (true) {
      for (T item : page.items()) {
        if (id.apply(item).equals(seen)) {
          return new ArrayList<>(found.sequencedValues().reversed());
        }
        found.putIfAbsent(id.apply(item), item);
      }
      if (!page.hasNextPage()) {
        return new ArrayList<>(found.sequencedValues().reversed());
      }
      page = page.nextPage();
    }
  }

  private static long lastStep(Page<FineTuningJobEvent> newest, List<TrainingEvent> told) {
    return Stream.concat(newest.items().stream().map(WireEvents::event), told.stream())
        .mapToLong(RunLog::step)
        .max()
        .orElse(0);
  }

  private static long step(TrainingEvent event) {
    return switch (event) {
      case TrainingEvent.Log _ -> 0;
      case TrainingEvent.Metrics metrics -> metrics.step();
      case TrainingEvent.Checkpoint checkpoint -> checkpoint.step();
    };
  }

  /// Where a look ended: the newest event and the newest checkpoint that were seen.
  private record Position(String event, String checkpoint) {

    private static final String BETWEEN = " ";

    static Position of(Cursor cursor) {
      int at = cursor.value().indexOf(BETWEEN);
      return at < 0
          ? new Position(cursor.value(), "")
          : new Position(cursor.value().substring(0, at), cursor.value().substring(at + 1));
    }

    Position after(List<FineTuningJobEvent> events, List<FineTuningJobCheckpoint> checkpoints) {
      return new Position(
          events.isEmpty() ? event : events.getLast().id(),
          checkpoints.isEmpty() ? checkpoint : checkpoints.getLast().id());
    }

    Cursor cursor() {
      return event.isEmpty() && checkpoint.isEmpty()
          ? Cursor.START
          : new Cursor(event + BETWEEN + checkpoint);
    }
  }
}
