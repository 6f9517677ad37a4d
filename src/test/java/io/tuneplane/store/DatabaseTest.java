package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.event;
import static io.tuneplane.store.StoredThings.events;
import static io.tuneplane.store.StoredThings.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuneplane.config.DatabaseUrl;
import io.tuneplane.job.StorageException;
import io.tuneplane.job.StorageException.Kind;
import io.tuneplane.job.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What opening a database says when it can't be opened, and what a full disk leaves.
class DatabaseTest {

  @TempDir Path dir;

  @Test
  void commitsOfSqliteWouldSurviveAPowerCut() {
    try (StoreFixture store = open(dir)) {
      assertThat(pragma(store, "journal_mode")).isEqualTo("wal");
      // 2 is FULL: every commit is forced to disk.
      assertThat(pragma(store, "synchronous")).isEqualTo("2");
      assertThat(pragma(store, "foreign_keys")).isEqualTo("1");
      assertThat(pragma(store, "busy_timeout")).isEqualTo("10000");
    }
  }

  private static String pragma(StoreFixture store, String name) {
    return store
        .database()
        .write(tx -> tx.first("PRAGMA " + name, row -> row.getString(1)).orElseThrow());
  }

  @Test
  void aFileThatIsNoDatabaseIsSaidToBeNone() throws IOException {
    Path file = Files.writeString(dir.resolve("tuneplane.db"), "no database at all".repeat(99));

    assertThatThrownBy(() -> open(dir))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("damaged, or is none")
        .hasMessageContaining("backup");
    assertThat(file).content().startsWith("no database at all");
  }

  @Test
  void aDataDirectoryThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(dir.resolve("data"), "");

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("--data-dir");
  }

  @Test
  void aNewerSchemaIsLeftAlone() {
    try (StoreFixture store = open(dir)) {
      store.tamper(
          "INSERT INTO schema_history (installed_rank, version, description, type, script,"
              + " checksum, installed_by, execution_time, success)"
              + " VALUES (99, '99', 'future', 'SQL', 'V99__future.sql', 1, 'x', 1, 1)");
    }

    assertThatThrownBy(() -> open(dir))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("newer version of Tuneplane");
  }

  @Test
  void anotherSecretOpensNothing() throws IOException {
    try (StoreFixture store = open(dir)) {
      store.audit();
    }
    Files.delete(dir.resolve("secret.key"));

    try (StoreFixture store = open(dir)) {
      assertThatThrownBy(store::audit)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("another secret")
          .hasMessageContaining("secret_file");
    }
  }

  @Test
  void aReadOnlyDataDirectoryIsSaidToBeOne() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(dir.resolve("disk"), "4m")) {
      disk.makeReadOnly();

      StorageException error =
          catchThrowableOfType(StorageException.class, () -> open(disk.folder()));

      assertThat(error.kind()).isEqualTo(Kind.BROKEN);
      assertThat(error).hasMessageContaining("read-only").hasMessageContaining("data directory");
    }
  }

  @Test
  void aFullDiskIsSaidToBeOneAtTheStart() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(dir.resolve("disk"), "64k")) {
      StorageException error =
          catchThrowableOfType(StorageException.class, () -> open(disk.folder()));

      assertThat(error.kind()).isEqualTo(Kind.FULL);
      assertThat(error).hasMessageContaining("free some space");
    }
  }

  /// Jobs until the disk is full: what was kept is whole, and after some space was freed it goes
  /// on.
  @Test
  void aDiskThatFillsUpLosesNothing() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(dir.resolve("disk"), "6m");
        StoreFixture store = open(disk.folder())) {
      Path ballast = disk.folder().resolve("ballast");
      Files.write(ballast, new byte[3 << 20]);
      SqlJobs jobs = store.jobs();
      int kept = 0;
      Optional<StorageException> full = Optional.empty();
      while (full.isEmpty() && kept < 5000) {
        try {
          jobs.create(job("ftjob-" + kept), events(1, 20), NOW);
          kept++;
        } catch (StorageException e) {
          full = Optional.of(e);
        }
      }
      assertThat(full.orElseThrow().kind()).isEqualTo(Kind.FULL);
      assertThat(jobs.load("ftjob-" + kept)).isEmpty();
      assertThat(jobs.events("ftjob-" + kept, 0, 9)).isEmpty();

      Files.delete(ballast);
      jobs.create(job("ftjob-" + kept), events(1, 1), NOW);
      assertThat(jobs.events("ftjob-" + kept, 0, 9)).containsExactly(event(1));
      assertThat(pragma(store, "integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void anUploadThatFillsTheDiskLeavesNothing() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(dir.resolve("disk"), "1m");
        StoreFixture store = open(dir)) {
      SqlFiles files =
          new SqlFiles(store.database(), disk.folder(), new java.util.Random(), () -> NOW);
      byte[] tooMuch = new byte[2 << 20];

      assertThatThrownBy(
              () -> files.keep("default", "f", "fine-tune", new ByteArrayInputStream(tooMuch)))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("No space left");

      try (Stream<Path> left = Files.walk(disk.folder())) {
        assertThat(left.filter(Files::isRegularFile)).isEmpty();
      }
      assertThat(files.list("default", Optional.empty(), Optional.empty(), 9)).isEmpty();
      StoredFile small =
          files.keep("default", "f", "fine-tune", new ByteArrayInputStream(new byte[9]));
      assertThat(files.content(small)).hasSize(9);
    }
  }

  @Test
  void aPostgresThatIsNotThereIsNamedWithoutItsPassword() {
    DatabaseUrl url = DatabaseUrl.parse("postgresql://me:canary-secret@127.0.0.1:1/tuneplane");

    StorageException error =
        catchThrowableOfType(
            StorageException.class, () -> Database.open(dir, Optional.of(url)).close());

    assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(error).hasMessageContaining("postgresql://127.0.0.1:1/tuneplane");
    for (Throwable t = error; t != null; t = t.getCause()) {
      assertThat(String.valueOf(t.getMessage())).doesNotContain("canary-secret");
    }
  }

  @Test
  void postgresErrorsSayWhatToDo() {
    assertThat(SqlErrors.of(new SQLException("x", "28P01")))
        .hasMessageContaining("user or the password");
    assertThat(SqlErrors.of(new SQLException("x", "3D000")))
        .hasMessageContaining("no database of the name");
    assertThat(SqlErrors.of(new SQLException("x", "25006"))).hasMessageContaining("replica");
    assertThat(SqlErrors.of(new SQLException("x", "53100")).kind()).isEqualTo(Kind.FULL);
    assertThat(SqlErrors.of(new SQLException("x", "57P01")).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(SqlErrors.of(new SQLException("x", "42601")).kind()).isEqualTo(Kind.BROKEN);
  }

  @Test
  void theClockGoesOnWithoutTheHostsClock() {
    Instant[] database = {NOW};
    long[] nanos = {0};
    DatabaseClock shared = new DatabaseClock(() -> database[0], () -> nanos[0], true);
    DatabaseClock own = new DatabaseClock(() -> database[0], () -> nanos[0], false);

    // The database's time jumps an hour ahead; ours goes by the monotonic clock.
    database[0] = NOW.plus(Duration.ofHours(1));
    nanos[0] = Duration.ofSeconds(59).toNanos();
    assertThat(shared.instant()).isEqualTo(NOW.plusSeconds(59));
    nanos[0] = Duration.ofSeconds(61).toNanos();
    assertThat(own.instant()).isEqualTo(NOW.plusSeconds(61));
    // Where several servers share it, they follow it after a minute.
    assertThat(shared.instant()).isEqualTo(database[0]);
  }

  @Test
  void theClockGoesOnWithoutTheDatabase() {
    boolean[] down = {false};
    long[] nanos = {0};
    DatabaseClock clock =
        new DatabaseClock(
            () -> {
              if (down[0]) {
                throw new StorageException(Kind.UNAVAILABLE, "down");
              }
              return NOW;
            },
            () -> nanos[0],
            true);
    down[0] = true;
    nanos[0] = Duration.ofMinutes(5).toNanos();

    assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(300));
  }

  @Test
  void theDatabasesTimeIsTheTime() {
    try (StoreFixture store = open(dir)) {
      assertThat(store.database().clock().instant())
          .isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
    }
  }

  private static StoreFixture open(Path dir) {
    return StoreFixture.open(dir, Optional.empty());
  }
}
