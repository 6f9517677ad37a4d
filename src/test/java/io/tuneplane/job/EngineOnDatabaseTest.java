package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.access.Secrets;
import io.tuneplane.backend.FakeBackend;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.config.DatabaseUrl;
import io.tuneplane.policy.Location;
import io.tuneplane.store.Database;
import io.tuneplane.store.PostgresServer;
import io.tuneplane.store.SqlAudit;
import io.tuneplane.store.SqlFiles;
import io.tuneplane.store.SqlJobs;
import io.tuneplane.store.SqlTunedModels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The engine on real databases, with its real timers.
@Timeout(300)
class EngineOnDatabaseTest {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path dir;

  private final FakePlace place = new FakePlace(Instant.parse("2026-11-24T10:00:00Z"));

  /// A server: a connection to the database, and an engine.
  private final class Server implements AutoCloseable {
    private final Database database;
    private final JobEngine engine;
    private final SqlFiles files;

    Server(String name, Optional<DatabaseUrl> url) {
      this(name, url, Duration.ofSeconds(1));
    }

    Server(String name, Optional<DatabaseUrl> url, Duration poll) {
      database = Database.open(dir, url);
      Secrets secrets = Secrets.open(dir, Optional.empty());
      SqlTunedModels models = new SqlTunedModels(database, dir.resolve("artifacts"));
      SqlJobs jobs = new SqlJobs(database, SqlAudit.open(database, secrets), models);
      files = new SqlFiles(database, dir.resolve("artifacts"), new Random(), database.clock());
      FakeBackend backend = FakeBackend.of("a", Location.ON_PREM, place);
      engine =
          new JobEngine(
              new JobEngine.Stores(jobs, models, files),
              new JobEngine.Reach(
                  new SimPlanner(List.of("a"), () -> {}),
                  new Places(List.of(backend), List.of(backend))),
              new DbTimers(
                  database.connections(),
                  database.clock(),
                  new DbTimers.Settings(
                      name,
                      Optional.of(name),
                      database.isShared(),
                      100,
                      poll,
                      Duration.ofSeconds(1))),
              new JobEngine.Chance(database.clock(), new Random(), Thread::sleep),
              new JobEngine.Setup(Optional.of(name), JobRules.DEFAULT, Map.of()));
      engine.start();
    }

    String file() throws IOException {
      return files
          .keep("default", "train.jsonl", "fine-tune", new ByteArrayInputStream(new byte[3]))
          .id();
    }

    @Override
    public void close() {
      engine.close();
      database.close();
    }
  }

  @Test
  void jobsOnSqliteGoOnWithTheNextServer() throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    try (Server server = new Server("one", Optional.empty())) {
      String file = server.file();
      for (int i = 0; i < 10; i++) {
        ids.add(server.engine.create(SimWorld.ASKER, request(file)).id());
      }
      while (place.created().isEmpty()) {
        Thread.sleep(20);
      }
    }
    try (Server server = new Server("one", Optional.empty())) {
      List<JobEvent> seen = new ArrayList<>();
      Thread follower =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  server.engine.follow("default", ids.getFirst(), 0, seen::add);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      awaitAll(server, ids);
      follower.join(Duration.ofSeconds(20));
      assertThat(seen).isNotEmpty();
      assertThat(seen.getLast().message()).startsWith("The job has been completed");
      assertThat(seen).extracting(JobEvent::seq).doesNotHaveDuplicates().isSorted();
    }
    assertThat(place.created()).hasSize(ids.size()).doesNotHaveDuplicates();
  }

  /// Looks for due timers come an hour apart here: everything goes by signals.
  @Test
  void aJobIsTakenUpAndGoesOnAtOnceNotAtTheNextLook() throws IOException, InterruptedException {
    try (Server server = new Server("one", Optional.empty(), Duration.ofHours(1))) {
      String file = server.file();
      Thread.sleep(1_000); // past the look at the start
      long asked = System.nanoTime();
      String id = server.engine.create(SimWorld.ASKER, request(file)).id();
      while (place.created().isEmpty()) {
        Thread.sleep(5);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
      awaitAll(server, List.of(id));
    }
  }

  /// Timers of one job are set from many sides while it is being worked on: nobody is told of it.
  @Test
  void wakingAJobNeverFailsWhoeverElseDoes() throws InterruptedException {
    try (Database database = Database.open(dir, Optional.empty())) {
      DbTimers timers =
          new DbTimers(
              database.connections(),
              database.clock(),
              DbTimers.Settings.of("one", Optional.of("one"), false));
      timers.start(
          new JobTimers.Work() {
            @Override
            public Optional<JobTimers.Due> work(String jobId) {
              return Optional.empty();
            }

            @Override
            public void sweep() {}
          });
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    for (int i = 0; i < 200; i++) {
                      Instant at = database.clock().instant().plusMillis(i % 3 * 100L);
                      timers.wake("ftjob-" + i % 4, new JobTimers.Due(at, Optional.empty()));
                    }
                  } catch (RuntimeException e) {
                    failures.add(e);
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      timers.close();
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void twoServersOnOnePostgresLoseNoJobAndRunNoneTwice() throws IOException, InterruptedException {
    int jobs = Integer.getInteger("tuneplane.jobs", 200);
    try (PostgresServer postgres = PostgresServer.start()) {
      DatabaseUrl url = postgres.fresh();
      List<String> ids = new ArrayList<>();
      try (Server one = new Server("one", Optional.of(url))) {
        String file = one.file();
        try (Server two = new Server("two", Optional.of(url))) {
          for (int i = 0; i < jobs; i++) {
            Server server = i % 2 == 0 ? one : two;
            ids.add(server.engine.create(SimWorld.ASKER, request(file)).id());
          }
          while (place.created().size() < jobs / 2) {
            Thread.sleep(20);
          }
        }
        // One of the two is gone in the middle; the other one brings all jobs to their end.
        awaitAll(one, ids);
      }
      assertThat(place.created()).hasSize(jobs);
      assertThat(new HashSet<>(place.created())).hasSize(jobs);
    }
  }

  private void awaitAll(Server server, List<String> ids) throws InterruptedException {
    Instant end = server.database.clock().instant().plus(PATIENCE);
    List<String> open = new ArrayList<>(ids);
    while (!open.isEmpty() && server.database.clock().instant().isBefore(end)) {
      place.advance(Duration.ofSeconds(2));
      open.removeIf(id -> server.engine.find("default", id).orElseThrow().state().status().ended());
      Thread.sleep(100);
    }
    assertThat(ids)
        .allSatisfy(id ->
            assertThat(server.engine.find("default", id).orElseThrow().state().status())
                .isEqualTo(JobStatus.SUCCEEDED));
  }

  private static JobRequest request(String file) {
    JobRequest fine = SimWorld.request("a");
    return new JobRequest(fine.model(), file, Optional.empty(), fine.placement(), fine.metadata());
  }
}
