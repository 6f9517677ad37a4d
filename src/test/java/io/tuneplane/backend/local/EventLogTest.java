package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingEvent.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventLogTest {

  private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir private Path directory;

  private Path file;
  private EventLog log;

  @BeforeEach
  void makeLog() {
    file = directory.resolve("events.jsonl");
    log = new EventLog(file);
  }

  @Test
  void aRunWithoutEventsHasNone() throws IOException {
    EventLog.Page page = log.read(Cursor.START, 10);

    assertThat(page.events()).isEmpty();
    assertThat(log.read(page.next(), 10).events()).isEmpty();
  }

  @Test
  void halfALineIsLeftForTheNextLook() throws IOException {
    String line = metrics(1, 1, 1);
    append(line.substring(0, 20));
    EventLog.Page early = log.read(Cursor.START, 10);
    append(line.substring(20));

    EventLog.Page late = log.read(early.next(), 10);

    assertThat(early.events()).isEmpty();
    assertThat(steps(late.events())).containsExactly(1L);
  }

  @Test
  void stepsThatAnotherStartRepeatsAreToldOnce() throws IOException {
    append(metrics(1, 1, 1) + metrics(2, 1, 2) + metrics(3, 1, 3));
    append(metrics(4, 2, 2) + metrics(5, 2, 3) + metrics(6, 2, 4));

    List<TrainingEvent> all = log.read(Cursor.START, 100).events();

    assertThat(steps(all)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(all).extracting(TrainingEvent::id).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aNoteCutsOffHalfALineAndTakesTheNextNumber() throws IOException {
    append(metrics(1, 1, 1) + "{\"seq\": 2, \"atte");

    log.note(1, AT, Level.WARN, "it died");

    assertThat(log.read(Cursor.START, 10).events())
        .last()
        .isEqualTo(new TrainingEvent.Log("0000000002", AT, Level.WARN, "it died"));
    assertThat(Files.readString(file)).endsWith("\n").doesNotContain("atte\"");
  }

  @Test
  void aWholeLineThatIsNoEventIsNotPassedOver() throws IOException {
    append("{\"seq\": 1}\n");

    assertThatThrownBy(() -> log.read(Cursor.START, 10))
        .isInstanceOf(UnreadableFileException.class);
  }

  @Test
  void aCursorOfAnotherBackendIsNotUnderstood() {
    assertThatThrownBy(() -> log.read(new Cursor("ftevent-abc"), 10))
        .isInstanceOf(BackendException.Misunderstood.class);
  }

  @Test
  void figuresKeepTheirNames() throws IOException {
    append(metrics(1, 1, 7));

    TrainingEvent event = log.read(Cursor.START, 10).events().getFirst();

    assertThat(((TrainingEvent.Metrics) event).values())
        .containsOnlyKeys("train_loss", "tokens")
        .containsEntry("train_loss", 0.5);
  }

  /// However the file grows and however it is paged, the events are the same.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anyPagingOfAGrowingFileGivesTheSameEvents(long seed) throws IOException {
    Random random = new Random(seed);
    String text = randomRun(random);
    List<TrainingEvent> paged = new ArrayList<>();
    Cursor cursor = Cursor.START;
    int written = 0;
    while (written < text.length()) {
      int more = Math.min(text.length(), written + 1 + random.nextInt(300));
      append(text.substring(written, more));
      written = more;
      for (int look = random.nextInt(3); look > 0; look--) {
        EventLog.Page page = new EventLog(file).read(cursor, 1 + random.nextInt(4));
        paged.addAll(page.events());
        cursor = page.next();
      }
    }
    EventLog.Page rest = log.read(cursor, Integer.MAX_VALUE);
    paged.addAll(rest.events());

    assertThat(paged)
        .as("seed %d", seed)
        .isEqualTo(log.read(Cursor.START, Integer.MAX_VALUE).events());
    assertThat(steps(paged)).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
    assertThat(log.read(rest.next(), 10).events()).isEmpty();
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private static String randomRun(Random random) {
    StringBuilder text = new StringBuilder();
    int seq = 0;
    int step = 0;
    for (int attempt = 1; attempt <= 4; attempt++) {
      step = Math.max(0, step - random.nextInt(5));
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(
            random.nextInt(5) == 0
                ? message(++seq, attempt, "ünïcode " + seq)
                : metrics(++seq, attempt, ++step));
      }
    }
    return text.toString();
  }

  private static String metrics(int seq, int attempt, int step) {
    return ("{\"seq\": %d, \"attempt\": %d, \"at\": \"%s\", \"type\": \"metrics\", \"step\": %d,"
            + " \"total_steps\": 99, \"train_loss\": 0.5, \"tokens\": 12}\n")
        .formatted(seq, attempt, AT, step);
  }

  private static String message(int seq, int attempt, String text) {
    return ("{\"seq\": %d, \"attempt\": %d, \"at\": \"%s\", \"type\": \"message\", \"level\":"
            + " \"info\", \"text\": \"%s\"}\n")
        .formatted(seq, attempt, AT, text);
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static List<Long> steps(List<TrainingEvent> events) {
    return events.stream()
        .filter(TrainingEvent.Metrics.class::isInstance)
        .map(e -> ((TrainingEvent.Metrics) e).step())
        .toList();
  }
}
