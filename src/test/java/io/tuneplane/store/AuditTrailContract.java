package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.egress;
import static io.tuneplane.store.StoredThings.events;
import static io.tuneplane.store.StoredThings.job;
import static io.tuneplane.store.StoredThings.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.job.Advance;
import io.tuneplane.job.AuditException;
import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import io.tuneplane.policy.AuditReport.Tampering;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// One chain, whoever writes; and whatever is done to it shows.
abstract class AuditTrailContract extends StoreContract {

  @Test
  void anEmptyLogIsWhole() {
    SqlAudit audit = store.audit();

    assertThat(audit.verify(Optional.empty()).isWhole()).isTrue();
    assertThat(audit.head()).isEmpty();
    assertThat(audit.newest()).isEmpty();
    assertThat(audit.newest(5)).isEmpty();
  }

  @Test
  void linesComeBackInOrder() {
    SqlAudit audit = store.audit();
    for (int i = 1; i <= 3; i++) {
      audit.append(egress("data " + i));
    }

    assertThat(audit.newest(2))
        .extracting(AuditLine::event)
        .containsExactly(egress("data 2"), egress("data 3"));
    assertThat(audit.newest()).contains(NOW);
    assertThat(audit.head().orElseThrow().seq()).isEqualTo(3);
    AuditReport report = store.audit().verify(Optional.empty());
    assertThat(report.isWhole()).isTrue();
    assertThat(report.lines()).isEqualTo(3);
  }

  /// Lines of their own, lines that come with steps of jobs, two servers: one chain.
  @Test
  void everybodyWritesOneChain() {
    for (int i = 0; i < 4; i++) {
      store.jobs().create(job("ftjob-" + i), List.of(), NOW);
    }
    try (StoreFixture other = store.again()) {
      Race.run(
          8,
          thread -> {
            StoreFixture mine = thread % 2 == 0 ? store : other;
            SqlAudit audit = mine.audit();
            SqlJobs jobs = mine.jobs();
            for (int i = 1; i <= 10; i++) {
              if (thread < 4) {
                jobs.advance(stepWithLines("ftjob-" + thread, i));
              } else {
                audit.append(egress(thread + " " + i));
              }
            }
          });
    }

    AuditReport report = store.audit().verify(Optional.empty());
    assertThat(report.finding()).isEmpty();
    assertThat(report.lines()).isEqualTo(4 * 10 * 2 + 4 * 10);
  }

  private static Advance stepWithLines(String id, int version) {
    return new Advance(
        running(job(id)),
        version,
        events(version, version),
        List.of(),
        List.of(egress(id + " a"), egress(id + " b")),
        List.of(),
        Optional.empty(),
        Optional.of(NOW));
  }

  @Test
  void aLogLongerThanAPageIsReadWhole() {
    SqlAudit audit = store.audit();
    store
        .database()
        .write(tx -> {
          for (int i = 0; i < 1201; i++) {
            audit.append(tx, List.of(egress("n" + i)));
          }
          return tx;
        });

    AuditReport report = audit.verify(Optional.empty());
    assertThat(report.isWhole()).isTrue();
    assertThat(report.lines()).isEqualTo(1201);
  }

  @Test
  void aLineThatWasEditedIsNamed() {
    AuditHead kept = fiveLines();
    store.tamper("UPDATE audit_lines SET line = REPLACE(line, 'n2', 'nX') WHERE seq = 2");

    assertFinding(Optional.empty(), 2, Tampering.ALTERED);
    assertFinding(Optional.of(kept), 2, Tampering.ALTERED);
  }

  @Test
  void aLineThatWasDeletedIsNamed() {
    fiveLines();
    store.tamper("DELETE FROM audit_lines WHERE seq = 3");

    assertFinding(Optional.empty(), 3, Tampering.REMOVED);
  }

  @Test
  void linesThatWereSwappedAreNamed() {
    fiveLines();
    store.tamper("UPDATE audit_lines SET seq = 99 WHERE seq = 2");
    store.tamper("UPDATE audit_lines SET seq = 2 WHERE seq = 4");
    store.tamper("UPDATE audit_lines SET seq = 4 WHERE seq = 99");

    assertFinding(Optional.empty(), 2, Tampering.REORDERED);
  }

  @Test
  void aLogThatWasCutOffIsNamedAndTakesNoMoreLines() {
    fiveLines();
    store.tamper("DELETE FROM audit_lines WHERE seq > 3");

    assertFinding(Optional.empty(), 4, Tampering.TRUNCATED);
    assertRefusesLines();
  }

  /// The head was cut back with the lines: only one that was kept elsewhere tells.
  @Test
  void aHeadThatIsKeptElsewhereTellsOfAClearedLog() {
    AuditHead kept = fiveLines();
    AuditHead third = AuditLine.parse(lineAt(3)).orElseThrow().head();
    store.tamper("DELETE FROM audit_lines WHERE seq > 3");
    store.tamper("UPDATE audit_head SET head = ?", third.text());

    assertThat(store.audit().verify(Optional.empty()).isWhole()).isTrue();
    assertFinding(Optional.of(kept), 4, Tampering.TRUNCATED);
  }

  @Test
  void aLogWhoseHeadIsGoneOrForgedTakesNoMoreLines() {
    AuditHead kept = fiveLines();
    store.tamper("UPDATE audit_head SET head = ''");
    assertRefusesLines();
    store.tamper("UPDATE audit_head SET head = ?", kept.text().replace(' ', 'x'));
    assertRefusesLines();
    store.tamper("DELETE FROM audit_head");
    assertRefusesLines();
  }

  @Test
  void aLogWhoseLastLineWasForgedTakesNoMoreLines() {
    fiveLines();
    store.tamper("UPDATE audit_lines SET line = REPLACE(line, 'n5', 'nX') WHERE seq = 5");

    assertFinding(Optional.empty(), 5, Tampering.ALTERED);
    assertRefusesLines();
  }

  private void assertRefusesLines() {
    store.jobs().create(job("ftjob-a"), List.of(), NOW);
    assertThatThrownBy(() -> store.audit().append(egress("more")))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("audit verify");
    // A step that has a line to write is not kept without it.
    assertThatThrownBy(() -> store.jobs().advance(stepWithLines("ftjob-a", 1)))
        .isInstanceOf(AuditException.class);
    assertThat(store.jobs().load("ftjob-a").orElseThrow().version()).isEqualTo(1);
    store.tamper("DELETE FROM job_metadata");
    store.tamper("DELETE FROM jobs");
  }

  @Test
  void onlySignedEventsInTheirPlaceCount() {
    SqlAudit audit = store.audit();
    audit.append(attestation("one"));
    audit.append(egress("data"));
    audit.append(attestation("two"));
    assertThat(audit.signed(AuditEvent.Kind.ATTESTATION))
        .containsExactly(attestation("one"), attestation("two"));

    store.tamper("UPDATE audit_lines SET kind = 'attestation' WHERE seq = 2");
    assertThat(audit.signed(AuditEvent.Kind.ATTESTATION)).hasSize(2);
    store.tamper("UPDATE audit_lines SET line = REPLACE(line, 'one', 'all') WHERE seq = 1");
    assertThat(audit.signed(AuditEvent.Kind.ATTESTATION)).containsExactly(attestation("two"));
    store.tamper(
        "INSERT INTO audit_lines (seq, kind, line) VALUES (4, 'attestation', ?)",
        lineAt(3).replace("two", "six"));
    assertThat(audit.signed(AuditEvent.Kind.ATTESTATION)).containsExactly(attestation("two"));
  }

  private static AuditEvent attestation(String document) {
    return AuditEvent.of(NOW, AuditEvent.Kind.ATTESTATION, Map.of("document", document));
  }

  private AuditHead fiveLines() {
    SqlAudit audit = store.audit();
    for (int i = 1; i <= 5; i++) {
      audit.append(egress("n" + i));
    }
    return audit.head().orElseThrow();
  }

  private String lineAt(long seq) {
    return store
        .database()
        .read(tx ->
            tx.first("SELECT line FROM audit_lines WHERE seq = ?", row -> row.getString(1), seq))
        .orElseThrow();
  }

  private void assertFinding(Optional<AuditHead> kept, long line, Tampering tampering) {
    AuditReport.Finding finding = store.audit().verify(kept).finding().orElseThrow();
    assertThat(finding.line()).isEqualTo(line);
    assertThat(finding.tampering()).isEqualTo(tampering);
  }
}
