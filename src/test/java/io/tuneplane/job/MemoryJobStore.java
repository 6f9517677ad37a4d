package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.job.Advance.Spending;
import io.tuneplane.policy.AuditEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A store in memory that keeps the promises of [JobStore], and holds every step to the invariants:
/// an ended job never changes, a job that has not ended has a wake-up, events have no gaps. Calls
/// its hook before and after every write, so that a test can crash there.
public final class MemoryJobStore implements JobStore {

  private static final class Row {
    private Stored stored;
    private Optional<Instant> wakeAt;
    private final List<JobEvent> events = new ArrayList<>();
    private final List<JobCheckpoint> checkpoints = new ArrayList<>();

    Row(Row other) {
      this.stored = other.stored;
      this.wakeAt = other.wakeAt;
      this.events.addAll(other.events);
      this.checkpoints.addAll(other.checkpoints);
    }

    Row(Stored stored, Instant wakeAt) {
      this.stored = stored;
      this.wakeAt = Optional.of(wakeAt);
    }
  }

  private record Receipt(Sent sent, Job job) {
    boolean isOf(Sent other) {
      if (other.key().isPresent()) {
        boolean same = other.key().equals(sent.key());
        if (same && !other.fingerprint().equals(sent.fingerprint())) {
          throw new SentBeforeException();
        }
        return same;
      }
      return other.fingerprint().equals(sent.fingerprint())
          && !job.createdAt().isBefore(other.alike())
          && (other.retry() || sent.retry());
    }
  }

  private final Deque<Receipt> receipts = new ArrayDeque<>();
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Spending> spending = new LinkedHashMap<>();
  private final List<AuditEvent> audit = new ArrayList<>();
  private final MemoryTunedModels models;
  private final Runnable atWrite;
  private int reads;

  public MemoryJobStore(MemoryTunedModels models, Runnable atWrite) {
    this.models = models;
    this.atWrite = atWrite;
  }

  @Override
  public void create(Job job, List<JobEvent> events, Instant wakeAt) {
    atWrite.run();
    synchronized (this) {
      assertThat(rows).doesNotContainKey(job.id());
      Row row = new Row(new Stored(job, 1, events.size()), wakeAt);
      row.events.addAll(events);
      rows.put(job.id(), row);
    }
    atWrite.run();
  }

  @Override
  public synchronized Optional<String> create(
      Job job, List<JobEvent> events, Instant wakeAt, Sent sent) {
    Optional<String> earlier = made(job.organisation(), sent);
    if (earlier.isEmpty()) {
      create(job, events, wakeAt);
      receipts.addFirst(new Receipt(sent, job));
    }
    return earlier;
  }

  @Override
  public synchronized Optional<String> made(String organisation, Sent sent) {
    return receipts.stream()
        .filter(receipt -> receipt.job().organisation().equals(organisation))
        .filter(receipt -> receipt.isOf(sent))
        .findFirst()
        .map(receipt -> receipt.job().id());
  }

  @Override
  public synchronized void forget(Instant until) {
    receipts.removeIf(receipt -> receipt.job().createdAt().isBefore(until));
  }

  @Override
  public void advance(Advance step) {
    atWrite.run();
    keep(step);
    atWrite.run();
  }

  private synchronized void keep(Advance step) {
    Job job = step.next();
    Row row = row(job.id());
    if (row.stored.version() != step.version()) {
      throw new StaleJobException(job.id(), step.version());
    }
    assertThat(row.stored.job().ended()).as("a step of the ended job %s", job.id()).isFalse();
    assertThat(step.wakeAt().isPresent())
        .as("a wake-up of %s", job.state())
        .isEqualTo(!job.ended());
    step.spending().ifPresent(part -> spend(job, part));
    long seq = row.stored.lastSeq();
    for (JobEvent event : step.events()) {
      assertThat(event.seq()).isEqualTo(++seq);
    }
    row.events.addAll(step.events());
    row.checkpoints.addAll(step.checkpoints());
    row.stored = new Stored(job, step.version() + 1, seq);
    row.wakeAt = step.wakeAt();
    audit.addAll(step.audit());
    step.models().forEach(models::save);
  }

  private void spend(Job job, Spending part) {
    if (part.limit().isPresent()) {
      var used =
          spending.entrySet().stream()
              .filter(
                  e -> !e.getKey().equals(job.id()) && e.getValue().month().equals(part.month()))
              .map(e -> e.getValue().usd())
              .reduce(java.math.BigDecimal.ZERO, java.math.BigDecimal::add);
      if (used.add(part.usd()).compareTo(part.limit().get()) > 0) {
        throw new BudgetExceededException(part.usd(), used, part.limit().get());
      }
    }
    spending.put(job.id(), part);
  }

  private Row row(String id) {
    return Objects.requireNonNull(rows.get(id));
  }

  @Override
  public synchronized Optional<Stored> load(String id) {
    reads++;
    return Optional.ofNullable(rows.get(id)).map(row -> row.stored);
  }

  @Override
  public Optional<Stored> find(String organisation, String id) {
    return load(id).filter(stored -> stored.job().organisation().equals(organisation));
  }

  @Override
  public synchronized List<Job> list(
      String organisation, Optional<String> after, int limit, Map<String, String> metadata) {
    List<Job> newestFirst =
        rows.values().stream()
            .map(row -> row.stored.job())
            .filter(job -> job.organisation().equals(organisation))
            .filter(job -> job.request().metadata().entrySet().containsAll(metadata.entrySet()))
            .toList()
            .reversed();
    int from =
        after.map(id -> newestFirst.stream().map(Job::id).toList().indexOf(id) + 1).orElse(0);
    return newestFirst.stream().skip(from).limit(limit).toList();
  }

  @Override
  public synchronized List<JobEvent> events(String id, long after, int limit) {
    reads++;
    return row(id).events.stream().filter(e -> e.seq() > after).limit(limit).toList();
  }

  @Override
  public synchronized List<JobEvent> eventsBefore(String id, Optional<Long> before, int limit) {
    return row(id).events.reversed().stream()
        .filter(e -> before.isEmpty() || e.seq() < before.get())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<JobCheckpoint> checkpoints(
      String id, Optional<String> after, int limit) {
    return row(id).checkpoints.reversed().stream().limit(limit).toList();
  }

  @Override
  public synchronized List<String> due(Instant now, int limit) {
    return rows.entrySet().stream()
        .filter(e -> e.getValue().wakeAt.filter(at -> !at.isAfter(now)).isPresent())
        .map(Map.Entry::getKey)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Optional<Instant> wakeAt(String id) {
    return row(id).wakeAt;
  }

  /// Everything that is kept now, to be put back later.
  synchronized Runnable backup() {
    Map<String, Row> copy = new LinkedHashMap<>();
    rows.forEach((id, row) -> copy.put(id, new Row(row)));
    Map<String, Spending> spent = new LinkedHashMap<>(spending);
    List<AuditEvent> lines = List.copyOf(audit);
    Runnable tuned = models.backup();
    return () -> {
      synchronized (this) {
        rows.clear();
        rows.putAll(copy);
        spending.clear();
        spending.putAll(spent);
        audit.clear();
        audit.addAll(lines);
        tuned.run();
      }
    };
  }

  /// When the next job is due.
  public synchronized Optional<Instant> nextDue() {
    return rows.values().stream()
        .flatMap(row -> row.wakeAt.stream())
        .min(Comparator.naturalOrder());
  }

  synchronized List<Job> all() {
    return rows.values().stream().map(row -> row.stored.job()).toList();
  }

  synchronized Map<String, Spending> spending() {
    return Map.copyOf(spending);
  }

  synchronized List<AuditEvent> audit() {
    return List.copyOf(audit);
  }

  synchronized int reads() {
    return reads;
  }
}
