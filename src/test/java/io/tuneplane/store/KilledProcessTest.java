package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.events;
import static io.tuneplane.store.StoredThings.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.job.Job;
import io.tuneplane.job.JobStore.Stored;
import io.tuneplane.job.Sent;
import io.tuneplane.job.StoredFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, killed with SIGKILL: what they said they had kept is there, and nothing is half
/// there.
class KilledProcessTest {

  @TempDir Path dir;

  @Test
  void twoProcessesStepOneJobUntilBothAreKilled() throws IOException, InterruptedException {
    try (StoreFixture store = open()) {
      store.jobs().create(job("ftjob-a"), List.of(), NOW);
    }
    Process one = StoreChild.start("steps", dir);
    Process two = StoreChild.start("steps", dir);
    long said =
        Math.max(
            Long.parseLong(killAfter(one, 40).getLast()),
            Long.parseLong(killAfter(two, 15).getLast()));

    try (StoreFixture store = open()) {
      Stored stored = store.jobs().load("ftjob-a").orElseThrow();
      assertThat(stored.version()).isGreaterThanOrEqualTo(said);
      assertThat(stored.lastSeq()).isEqualTo(2 * (stored.version() - 1));
      assertThat(store.jobs().events("ftjob-a", 0, 100_000)).isEqualTo(events(1, stored.lastSeq()));
      var report = store.audit().verify(Optional.empty());
      assertThat(report.isWhole()).isTrue();
      assertThat(report.lines()).isEqualTo(stored.version() - 1);
    }
  }

  /// Three servers, one after the other, take the same requests and are killed at them: each
  /// request has one job, and no job lacks its request.
  @Test
  void requestsThatAreSentAgainAfterAKillMakeNoSecondJob()
      throws IOException, InterruptedException {
    for (int lines : new int[] {17, 40, 60}) {
      killAfter(StoreChild.start("requests", dir), lines);
    }
    try (StoreFixture store = open()) {
      List<Job> kept = store.jobs().list("default", Optional.empty(), 100_000, Map.of());
      assertThat(kept).hasSizeGreaterThanOrEqualTo(60);
      Set<String> made = new HashSet<>();
      for (int i = 0; i < kept.size(); i++) {
        Sent sent = new Sent(Optional.of("k" + i), false, "print" + i, NOW);
        made.add(store.jobs().made("default", sent).orElseThrow());
      }
      assertThat(kept).extracting(Job::id).containsExactlyInAnyOrderElementsOf(made);
    }
  }

  @Test
  void filesOfAKilledProcessAreWholeOrNotThere() throws IOException, InterruptedException {
    List<String> said = killAfter(StoreChild.start("files", dir), 30);

    try (StoreFixture store = open()) {
      SqlFiles files = store.files(() -> NOW);
      for (String id : said) {
        assertThat(files.find("default", id)).as(id).isPresent();
      }
      for (StoredFile file : files.list("default", Optional.empty(), Optional.empty(), 10_000)) {
        assertThat(files.content(file)).hasSize(file.bytes());
      }
    }
  }

  @Test
  void anUploadOfAKilledProcessIsNowhere() throws IOException, InterruptedException {
    killAfter(StoreChild.start("upload", dir), 20);

    try (StoreFixture store = open()) {
      SqlFiles files = store.files(() -> NOW);
      assertThat(files.list("default", Optional.empty(), Optional.empty(), 9)).isEmpty();
      assertThat(parts(store)).hasSize(1);
      assertThat(store.artifacts().resolve("sha256")).doesNotExist();

      new SqlFiles(
              store.database(),
              store.artifacts(),
              new Random(),
              () -> Instant.now().plus(SqlFiles.GRACE).plusSeconds(9))
          .sweep();
      assertThat(parts(store)).isEmpty();
    }
  }

  private static List<Path> parts(StoreFixture store) throws IOException {
    try (Stream<Path> parts = Files.list(store.artifacts().resolve("arriving"))) {
      return parts.toList();
    }
  }

  private StoreFixture open() {
    return StoreFixture.open(dir, Optional.empty());
  }

  /// Kills a process once it has said so many lines.
  ///
  /// @return whole lines that it said
  private static List<String> killAfter(Process process, int lines)
      throws IOException, InterruptedException {
    List<String> said = new ArrayList<>();
    try (BufferedReader reader = process.inputReader()) {
      for (String line; said.size() < lines && (line = reader.readLine()) != null; ) {
        said.add(line);
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).as("killed by SIGKILL").isEqualTo(137);
    assertThat(said).hasSize(lines);
    return said;
  }
}
