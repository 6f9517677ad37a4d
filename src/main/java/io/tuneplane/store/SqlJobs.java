package io.tuneplane.store;

import io.tuneplane.job.Advance;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobStore;
import io.tuneplane.job.Sent;
import io.tuneplane.job.StaleJobException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Jobs in the database: a document each, beside the columns that are asked for. Safe for many
/// threads and processes.
public final class SqlJobs implements JobStore {

  private final Database database;
  private final SqlAudit audit;
  private final SqlTunedModels models;

  /// @param audit takes the audit lines of a step, in the step's transaction
  /// @param models takes the tuned model of a step, in the step's transaction
  public SqlJobs(Database database, SqlAudit audit, SqlTunedModels models) {
    this.database = database;
    this.audit = audit;
    this.models = models;
  }

  @Override
  public void create(Job job, List<JobEvent> events, Instant wakeAt) {
    database.write(tx -> {
      add(tx, job, events, wakeAt);
      return job;
    });
  }

  @Override
  public Optional<String> create(Job job, List<JobEvent> events, Instant wakeAt, Sent sent) {
    return database.write(tx -> {
      Optional<String> earlier = Receipts.add(tx, job, sent);
      if (earlier.isEmpty()) {
        add(tx, job, events, wakeAt);
      }
      return earlier;
    });
  }

  @Override
  public Optional<String> made(String organisation, Sent sent) {
    return database.read(tx -> Receipts.find(tx, organisation, sent));
  }

  @Override
  public void forget(Instant until) {
    database.write(tx -> {
      Receipts.forget(tx, until);
      return until;
    });
  }

  private static void add(Transaction tx, Job job, List<JobEvent> events, Instant wakeAt) {
    requireNoGap(events, 0);
    tx.update(
        "INSERT INTO jobs (id, organisation, created_at, status, version, last_seq, wake_at,"
            + " document) VALUES (?, ?, ?, ?, 1, ?, ?, ?)",
        job.id(),
        job.organisation(),
        job.createdAt(),
        job.state().status().wireName(),
        (long) events.size(),
        wakeAt,
        StoredJson.text(job));
    addLabels(tx, job);
    addEvents(tx, job, events);
  }

  @Override
  public void advance(Advance step) {
    database.write(tx -> {
      moveOn(tx, step);
      addEvents(tx, step.next(), step.events());
      addCheckpoints(tx, step.next(), step.checkpoints());
      step.models().forEach(model -> models.save(tx, model));
      step.spending().ifPresent(spending -> Budget.keep(tx, step.next(), spending));
      // Last, because every other step waits for the log's head from here on.
      audit.append(tx, step.audit());
      return step;
    });
  }

  private static void moveOn(Transaction tx, Advance step) {
    Job job = step.next();
    record Before(long version, long lastSeq) {}
    Before before =
        tx.firstForUpdate(
                "SELECT version, last_seq FROM jobs WHERE id = ?",
                row -> new Before(row.getLong(1), row.getLong(2)),
                job.id())
            .orElseThrow(() -> new IllegalArgumentException("there is no job " + job.id()));
    if (before.version() != step.version()) {
      throw new StaleJobException(job.id(), step.version());
    }
    requireNoGap(step.events(), before.lastSeq());
    tx.update(
        "UPDATE jobs SET status = ?, version = ?, last_seq = ?, wake_at = ?, document = ?"
            + " WHERE id = ?",
        job.state().status().wireName(),
        step.version() + 1,
        before.lastSeq() + step.events().size(),
        step.wakeAt().orElse(null),
        StoredJson.text(job),
        job.id());
  }

  private static void requireNoGap(List<JobEvent> events, long lastSeq) {
    long seq = lastSeq;
    for (JobEvent event : events) {
      if (event.seq() != ++seq) {
        throw new IllegalArgumentException("event " + event.seq() + " after " + (seq - 1));
      }
    }
  }

  private static void addLabels(Transaction tx, Job job) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    job.request()
        .metadata()
        .forEach((name, value) ->
            rows.add(
                new Object[] {
                  job.id(), Digests.ofLabel(name, value), job.organisation(), job.createdAt()
                }));
    tx.batch(
        "INSERT INTO job_metadata (job_id, label, organisation, created_at) VALUES (?, ?, ?, ?)",
        rows);
  }

  private static void addEvents(Transaction tx, Job job, List<JobEvent> events) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (JobEvent event : events) {
      rows.add(new Object[] {job.id(), event.seq(), job.organisation(), StoredJson.text(event)});
    }
    tx.batch(
        "INSERT INTO job_events (job_id, seq, organisation, document) VALUES (?, ?, ?, ?)", rows);
  }

  private static void addCheckpoints(Transaction tx, Job job, List<JobCheckpoint> checkpoints) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (JobCheckpoint checkpoint : checkpoints) {
      rows.add(
          new Object[] {
            checkpoint.id(),
            job.id(),
            job.organisation(),
            checkpoint.step(),
            StoredJson.text(checkpoint)
          });
    }
    tx.batch(
        "INSERT INTO job_checkpoints (id, job_id, organisation, step, document)"
            + " VALUES (?, ?, ?, ?, ?)",
        rows);
  }

  @Override
  public Optional<Stored> load(String id) {
    return database.read(tx ->
        tx.first("SELECT document, version, last_seq FROM jobs WHERE id = ?", SqlJobs::stored, id));
  }

  @Override
  public Optional<Stored> find(String organisation, String id) {
    return database.read(tx ->
        tx.first(
            "SELECT document, version, last_seq FROM jobs WHERE id = ? AND organisation = ?",
            SqlJobs::stored,
            id,
            organisation));
  }

  private static Stored stored(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Stored(
        StoredJson.read(row.getString("document"), Job.class),
        row.getLong("version"),
        row.getLong("last_seq"));
  }

  @Override
  public List<Job> list(
      String organisation, Optional<String> after, int limit, Map<String, String> metadata) {
    return database.read(tx -> JobPage.of(tx, organisation, after, limit, metadata));
  }

  @Override
  public List<JobEvent> events(String id, long after, int limit) {
    return database.read(tx ->
        tx.list(
            "SELECT document FROM job_events WHERE job_id = ? AND seq > ? ORDER BY seq LIMIT ?",
            row -> StoredJson.read(row.getString(1), JobEvent.class),
            id,
            after,
            limit));
  }

  @Override
  public List<JobEvent> eventsBefore(String id, Optional<Long> before, int limit) {
    return database.read(tx ->
        tx.list(
            "SELECT document FROM job_events WHERE job_id = ? AND seq < ?"
                + " ORDER BY seq DESC LIMIT ?",
            row -> StoredJson.read(row.getString(1), JobEvent.class),
            id,
            before.orElse(Long.MAX_VALUE),
            limit));
  }

  @Override
  public List<JobCheckpoint> checkpoints(String id, Optional<String> after, int limit) {
    return database.read(tx -> {
      Page page =
          Page.after(
              tx, "SELECT step, id FROM job_checkpoints WHERE id = ? AND job_id = ?", after, id);
      return tx.list(
          "SELECT document FROM job_checkpoints WHERE job_id = ? AND (step, id) < (?, ?)"
              + " ORDER BY step DESC, id DESC LIMIT ?",
          row -> StoredJson.read(row.getString(1), JobCheckpoint.class),
          id,
          page.number(),
          page.id(),
          limit);
    });
  }

  /// How many jobs there are, of all organisations, by status.
  public Map<String, Long> countByStatus() {
    return database.read(tx -> {
      Map<String, Long> counts = new TreeMap<>();
      tx.list(
          "SELECT status, count(*) FROM jobs GROUP BY status",
          row -> counts.put(row.getString(1), row.getLong(2)));
      return counts;
    });
  }

  @Override
  public List<String> due(Instant now, int limit) {
    return database.read(tx ->
        tx.list(
            "SELECT id FROM jobs WHERE wake_at <= ? ORDER BY wake_at LIMIT ?",
            row -> row.getString(1),
            now,
            limit));
  }

  @Override
  public Optional<Instant> wakeAt(String id) {
    return database
        .read(tx ->
            tx.first(
                "SELECT wake_at FROM jobs WHERE id = ?",
                row -> Transaction.optionalInstant(row, "wake_at"),
                id))
        .flatMap(wakeAt -> wakeAt);
  }
}
