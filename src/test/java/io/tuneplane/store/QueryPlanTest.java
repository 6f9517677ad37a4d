package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.egress;
import static io.tuneplane.store.StoredThings.events;
import static io.tuneplane.store.StoredThings.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.job.Sent;
import io.tuneplane.policy.AuditEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No question takes longer because there is more of everything: each is answered by an index, in
/// the index's order.
class QueryPlanTest {

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  @TempDir Path dir;

  @Test
  void everyQueryGoesByAnIndex() throws Exception {
    try (StoreFixture store = StoreFixture.open(dir, Optional.empty())) {
      store.jobs().create(job("ftjob-a"), events(1, 2), NOW);
      Set<String> asked = new LinkedHashSet<>();
      DataSource recording = recording(DataSource.class, store.database().connections(), asked);
      try (Database database = new Database(Dialect.SQLITE, recording, recording, () -> {})) {
        askEverything(database, store);
      }

      for (String sql : asked) {
        List<String> plan =
            store
                .database()
                .read(tx -> tx.list("EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail")));
        assertThat(String.join("; ", plan)).as(sql).doesNotContain("TEMP B-TREE", "SCAN");
      }
      assertThat(asked).hasSizeGreaterThan(20);
    }
  }

  private static void askEverything(Database database, StoreFixture store) {
    SqlAudit audit = SqlAudit.open(database, store.secrets());
    SqlTunedModels models = new SqlTunedModels(database, store.artifacts());
    SqlJobs jobs = new SqlJobs(database, audit, models);
    jobs.load("ftjob-a");
    jobs.find("default", "ftjob-a");
    jobs.list("default", Optional.empty(), 10, Map.of());
    jobs.list("default", Optional.of("ftjob-a"), 10, Map.of("team", "a", "n", "1"));
    jobs.events("ftjob-a", 0, 10);
    jobs.eventsBefore("ftjob-a", Optional.empty(), 10);
    jobs.checkpoints("ftjob-a", Optional.of("x"), 10);
    jobs.due(NOW, 10);
    jobs.wakeAt("ftjob-a");
    models.find("default", "x");
    models.list("default");
    SqlFiles files = new SqlFiles(database, store.artifacts(), new Random(), () -> NOW);
    files.find("default", "x");
    files.list("default", Optional.of("x"), Optional.of("fine-tune"), 10);
    new SqlDecisions(database).find("default", "x");
    new SqlDatasetFlags(database).of("default", "x");
    SqlKeys keys = new SqlKeys(database);
    keys.byDigest("x");
    keys.list("default");
    SqlReplies replies = new SqlReplies(database);
    replies.claim("default", "k", "f", Duration.ofSeconds(1), NOW);
    replies.claim("default", "k", "f", Duration.ofSeconds(1), NOW);
    jobs.made("default", new Sent(Optional.of("k"), false, "f", NOW));
    jobs.made("default", new Sent(Optional.empty(), true, "f", NOW));
    audit.append(egress("x"));
    audit.newest(10);
    audit.head();
    audit.signed(AuditEvent.Kind.EGRESS);
    assertThat(audit.lines()).hasSize(1);
  }

  private static <T> T recording(Class<T> type, T target, Set<String> asked) {
    return type.cast(
        Proxy.newProxyInstance(
            QueryPlanTest.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> call(target, method, arguments, asked)));
  }

  private static @Nullable Object call(
      Object target, Method method, Object @Nullable [] arguments, Set<String> asked)
      throws Throwable {
    if (arguments != null
        && method.getName().equals("prepareStatement")
        && arguments[0] instanceof String sql
        && sql.startsWith("SELECT")
        && sql.contains("WHERE")) {
      asked.add(sql);
    }
    try {
      Object result = method.invoke(target, arguments);
      return result instanceof Connection c ? recording(Connection.class, c, asked) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /// 100,000 jobs: pages from the front, the middle and by a rare label come at once.
  @Test
  @Tag("heavy")
  void pagesComeAtOnceHoweverManyJobsThereAre() {
    try (StoreFixture store = StoreFixture.open(dir, Optional.empty())) {
      SqlJobs jobs = store.jobs();
      String document = StoredJson.text(job("ftjob-x"));
      store
          .database()
          .write(tx -> {
            for (int i = 0; i < 100_000; i++) {
              String id = "ftjob-%06d".formatted(i);
              tx.update(
                  "INSERT INTO jobs (id, organisation, created_at, status, version, last_seq,"
                      + " wake_at, document) VALUES (?, 'default', ?, 'running', 1, 0, ?, ?)",
                  id,
                  NOW.plusMillis(i),
                  NOW.plusSeconds(i),
                  document);
              tx.update(
                  "INSERT INTO job_metadata (job_id, label, organisation, created_at)"
                      + " VALUES (?, ?, 'default', ?)",
                  id,
                  Digests.ofLabel("rare", i % 50_000 == 7 ? "yes" : "no"),
                  NOW.plusMillis(i));
            }
            return tx;
          });
      jobs.list("default", Optional.empty(), 100, Map.of());

      assertAtOnce(100, () -> jobs.list("default", Optional.empty(), 100, Map.of()));
      assertAtOnce(100, () -> jobs.list("default", Optional.of("ftjob-050000"), 100, Map.of()));
      assertAtOnce(2, () -> jobs.list("default", Optional.empty(), 100, Map.of("rare", "yes")));
      assertAtOnce(10, () -> jobs.due(NOW.plusSeconds(50_000), 10));
    }
  }

  private static void assertAtOnce(int size, java.util.function.Supplier<List<?>> question) {
    long start = System.nanoTime();
    assertThat(question.get()).hasSize(size);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
  }
}
