package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.genai.types.TuningJob;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Jobs, events, labels and names, as Vertex AI has them and as we do.
class RunViewTest {

  @ParameterizedTest
  @CsvSource({
    "JOB_STATE_UNSPECIFIED, Queued",
    "JOB_STATE_QUEUED, Queued",
    "JOB_STATE_PENDING, Queued",
    "JOB_STATE_RUNNING, Running",
    "JOB_STATE_CANCELLING, Running",
    "JOB_STATE_UPDATING, Running",
    "JOB_STATE_PAUSED, Paused",
    "JOB_STATE_SUCCEEDED, Succeeded",
    "JOB_STATE_PARTIALLY_SUCCEEDED, Succeeded",
    "JOB_STATE_FAILED, Failed",
    "JOB_STATE_EXPIRED, Failed",
    "JOB_STATE_CANCELLED, Cancelled",
    "JOB_STATE_OF_NEXT_YEAR, Running",
  })
  void everyStateHasItsMeaning(String google, String ours) {
    RunState state = new RunView(job(google, "")).state();

    assertThat(state.getClass().getSimpleName()).isEqualTo(ours);
  }

  @Test
  void aFactThatComesLateIsToldOnce() {
    RunEvents early = new RunEvents(new RunView(job("JOB_STATE_SUCCEEDED", "")));
    List<TrainingEvent> first = early.since(Cursor.START);
    Cursor cursor = RunEvents.after(Cursor.START, first);

    RunEvents later =
        new RunEvents(
            new RunView(
                job(
                    "JOB_STATE_SUCCEEDED",
                    """
                    , "tuningDataStats": {"supervisedTuningDataStats": {
                        "tuningDatasetExampleCount": "12", "totalTruncatedExampleCount": "1"}}
                    """)));
    List<TrainingEvent> second = later.since(cursor);

    assertThat(first).extracting(TrainingEvent::id).containsExactly("1-accepted", "5-ended");
    assertThat(second).extracting(TrainingEvent::id).containsExactly("3-data");
    assertThat(((TrainingEvent.Log) second.getFirst()).level())
        .as("data was cut")
        .isEqualTo(TrainingEvent.Level.WARN);
    assertThat(later.since(RunEvents.after(cursor, second))).isEmpty();
    assertThat(later.since(cursor)).isEqualTo(second);
  }

  @Test
  void labelsFitGooglesSyntax() {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("Cost Centre", "R&D");
    own.put("9lives", "x".repeat(80));
    own.put("k".repeat(70), "");
    for (int i = 0; i < 100; i++) {
      own.put("z%03d".formatted(i), "v");
    }

    Map<String, String> labels = Labels.of(new SubmissionKey("mark-1"), own);

    assertThat(labels).hasSize(64).containsEntry("tuneplane-mark", "mark-1");
    assertThat(labels)
        .containsEntry("cost_centre", "r_d")
        .containsEntry("l-9lives", "x".repeat(63));
    assertThat(labels.keySet()).allSatisfy(k -> assertThat(k).matches("[a-z][a-z0-9_-]{0,62}"));
    assertThat(labels.values()).allSatisfy(v -> assertThat(v).matches("[a-z0-9_-]{0,63}"));
  }

  @ParameterizedTest
  @CsvSource({
    "projects/p/locations/l/endpoints/9, true",
    "projects/p/locations/l/endpoints/9?model=projects/p/locations/l/models/1@1, true",
    "projects/p/locations/l/endpoints/9/../../x, false",
    "https://evil/projects/p/locations/l/endpoints/9, false",
    "ft:gpt-4o:org::1, false",
  })
  void namesOfTunedModels(String text, boolean ours) {
    assertThat(TunedName.parse(text).map(TunedName::toString))
        .isEqualTo(ours ? java.util.Optional.of(text) : java.util.Optional.empty());
  }

  private static TuningJob job(String state, String more) {
    return TuningJob.fromJson(
        """
        {"name": "projects/p/locations/l/tuningJobs/1", "state": "%s",
         "createTime": "2026-11-25T10:00:00Z", "endTime": "2026-11-25T11:00:00Z",
         "tunedModel": {"endpoint": "projects/p/locations/l/endpoints/9"}%s}
        """
            .formatted(state, more));
  }
}
