package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.config.ConfigException;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.Clearances;
import io.tuneplane.policy.Destination;
import io.tuneplane.policy.EgressPermit;
import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.PolicyException;
import io.tuneplane.policy.PolicyRefusedException;
import io.tuneplane.policy.Purpose;
import io.tuneplane.policy.Question;
import io.tuneplane.policy.Scan;
import io.tuneplane.store.Kept;
import io.tuneplane.store.SqlAudit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttestationBookTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Attestation HIPAA =
      new Attestation(
          "a.smith",
          LocalDate.parse("2026-11-01"),
          LocalDate.parse("2027-11-01"),
          "BAA-1",
          "hipaa",
          "vertex",
          Purpose.TRAINING,
          Optional.of("us-central1"));

  @TempDir Path directory;
  private Kept kept;

  @BeforeEach
  void open() {
    kept = Kept.in(directory.resolve("data"), InstantSource.fixed(NOW));
  }

  @AfterEach
  void close() {
    kept.close();
  }

  private AttestationBook book() {
    return new AttestationBook(kept.audit());
  }

  @Test
  void whatWasAddedIsThere() {
    assertThat(book().all()).isEmpty();

    add(HIPAA);

    assertThat(book().all()).containsExactly(HIPAA);
  }

  @Test
  void anAttestationThatIsEditedIntoTheLogIsNone() throws IOException {
    add(HIPAA);
    kept.tamper("UPDATE audit_lines SET line = REPLACE(line, '\"hipaa\"', '\"itar\"')");

    assertThat(book().all()).isEmpty();
  }

  @Test
  void oneThatIsCopiedFromAnotherLogIsNone() throws IOException {
    String line;
    try (Kept other = Kept.in(directory.resolve("other"), InstantSource.fixed(NOW))) {
      AttestationBook.add(HIPAA, other.audit(), "mallory", NOW);
      line = other.audit().lines().toList().getFirst();
    }
    kept.tamper("INSERT INTO audit_lines (seq, kind, line) VALUES (1, 'attestation', ?)", line);

    assertThat(book().all()).isEmpty();
  }

  @Test
  void aNewOneCountsFromTheNextQuestionOn() {
    PolicySource policy = new PolicySource(Optional.empty(), book());
    Question question =
        new Question(
            Flags.of(List.of("hipaa"), Scan.DONE),
            new Destination("vertex", Location.THIRD_PARTY, "vertex", Optional.of("us-central1")),
            Purpose.TRAINING,
            "gemini-3.5-flash",
            Optional.empty());
    SqlAudit log = kept.audit();
    Clearances clearances = new Clearances(policy::engine, log);
    assertThatThrownBy(() -> clearances.request(question, "d1", "me", NOW))
        .isInstanceOf(PolicyRefusedException.class);

    AttestationBook.add(HIPAA, log, "me", NOW);

    assertThat(clearances.request(question, "d1", "me", NOW)).isInstanceOf(EgressPermit.class);
    assertThat(kept.audit().newest(9))
        .extracting(line -> line.event().kind().wireName())
        .containsExactly("refusal", "attestation", "egress");
  }

  @Test
  void aConfiguredPolicyThatIsMissingOrBrokenStopsTheStart() throws IOException {
    Path missing = directory.resolve("policy.yaml");
    assertThatThrownBy(() -> new PolicySource(Optional.of(missing), book()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("policy_file")
        .hasMessageContaining("nothing may go anywhere");

    Files.writeString(missing, "flags:\n  - x\nrulez: []\n");
    assertThatThrownBy(() -> new PolicySource(Optional.of(missing), book()))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("policy.yaml:3: unknown key \"rulez\"");
  }

  private void add(Attestation attestation) {
    AttestationBook.add(attestation, kept.audit(), "me", NOW);
  }
}
