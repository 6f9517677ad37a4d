package io.tuneplane.store;

import io.tuneplane.access.Secrets;
import io.tuneplane.job.AuditException;
import io.tuneplane.job.AuditTrail;
import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.Ledger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The audit log in the database: a chained and signed line an event, and the newest signed head
/// beside them. Whoever adds a line holds the head's row until the transaction ends, so threads,
/// processes and machines share one chain. A log whose end is not as it was left takes no more
/// lines, so that nothing may leave. Safe for many threads and processes.
public final class SqlAudit implements Ledger, AuditTrail {

  private static final int PAGE = 500;

  private final Database database;
  private final KeyPair keys;

  private SqlAudit(Database database, KeyPair keys) {
    this.database = database;
    this.keys = keys;
  }

  /// Opens the log, or begins it.
  ///
  /// @param secrets hold the key that signs
  /// @throws io.tuneplane.job.StorageException if the secret is not the one that it was begun with
  public static SqlAudit open(Database database, Secrets secrets) {
    return new SqlAudit(database, Installation.auditKeys(database, secrets));
  }

  @Override
  public void append(AuditEvent event) {
    database.write(tx -> {
      append(tx, List.of(event));
      return event;
    });
  }

  /// Adds lines within a transaction, and holds the log until it ends.
  void append(Transaction tx, List<AuditEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    Optional<AuditHead> head = lockedHead(tx);
    for (AuditEvent event : events) {
      AuditLine line = AuditLine.after(head, event, keys.getPrivate());
      tx.update(
          "INSERT INTO audit_lines (seq, kind, line) VALUES (?, ?, ?)",
          line.head().seq(),
          event.kind().wireName(),
          line.text());
      head = Optional.of(line.head());
    }
    tx.update("UPDATE audit_head SET head = ?", head.orElseThrow().text());
  }

  private Optional<AuditHead> lockedHead(Transaction tx) {
    String text =
        tx.firstForUpdate("SELECT head FROM audit_head WHERE id = 1", row -> row.getString(1))
            .orElseThrow(() -> tampered("its signed head is gone"));
    Optional<AuditHead> head = AuditHead.parse(text);
    List<Optional<AuditLine>> end =
        tx.list(
            "SELECT line FROM audit_lines ORDER BY seq DESC LIMIT 2",
            row -> AuditLine.parse(row.getString(1)));
    Optional<AuditLine> last = end.stream().findFirst().flatMap(line -> line);
    Optional<AuditHead> before =
        end.stream().skip(1).findFirst().flatMap(line -> line).map(AuditLine::head);
    if (!last.map(AuditLine::head).equals(head) || (head.isEmpty() && !text.isEmpty())) {
      throw tampered("its last line is not the one that its signed head was made for");
    }
    if (last.filter(l -> !l.follows(before) || !l.isSigned(keys.getPublic())).isPresent()) {
      throw tampered("its last line is not one that it wrote");
    }
    return head;
  }

  private static AuditException tampered(String words) {
    return new AuditException(
        "the audit log is not as it was left: " + words + "; run 'tuneplane audit verify'");
  }

  @Override
  public Optional<Instant> newest() {
    return newest(1).stream().findFirst().map(line -> line.event().at());
  }

  @Override
  public Stream<String> lines() {
    record Numbered(long seq, String line) {}
    return Stream.iterate(
            page(0, Numbered::new),
            page -> !page.isEmpty(),
            page -> page(page.getLast().seq(), Numbered::new))
        .flatMap(List::stream)
        .map(Numbered::line);
  }

  private interface Made<T> {
    T of(long seq, String line);
  }

  private <T> List<T> page(long after, Made<T> made) {
    return database.read(tx ->
        tx.list(
            "SELECT seq, line FROM audit_lines WHERE seq > ? ORDER BY seq LIMIT ?",
            row -> made.of(row.getLong(1), row.getString(2)),
            after,
            PAGE));
  }

  @Override
  public Optional<AuditHead> head() {
    return database
        .read(tx -> tx.first("SELECT head FROM audit_head WHERE id = 1", row -> row.getString(1)))
        .flatMap(AuditHead::parse);
  }

  @Override
  public PublicKey publicKey() {
    return keys.getPublic();
  }

  @Override
  public List<AuditLine> newest(int limit) {
    return database
        .read(tx ->
            tx.list(
                "SELECT line FROM audit_lines ORDER BY seq DESC LIMIT ?",
                row -> row.getString(1),
                limit))
        .reversed()
        .stream()
        .flatMap(text -> AuditLine.parse(text).stream())
        .toList();
  }

  @Override
  public List<AuditEvent> signed(AuditEvent.Kind kind) {
    return database
        .read(tx ->
            tx.list(
                "SELECT l.line, p.line FROM audit_lines l LEFT JOIN audit_lines p"
                    + " ON p.seq = l.seq - 1 WHERE l.kind = ? ORDER BY l.seq",
                row -> counting(kind, row.getString(1), row.getString(2)),
                kind.wireName()))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<AuditEvent> counting(
      AuditEvent.Kind kind, String text, @org.jspecify.annotations.Nullable String before) {
    Optional<AuditHead> previous =
        Optional.ofNullable(before).flatMap(AuditLine::parse).map(AuditLine::head);
    return AuditLine.parse(text)
        .filter(line ->
            line.event().kind() == kind
                && line.follows(previous)
                && line.isSigned(keys.getPublic()))
        .map(AuditLine::event);
  }
}
