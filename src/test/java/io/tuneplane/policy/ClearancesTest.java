package io.tuneplane.policy;

import static io.tuneplane.policy.Questions.KUBERNETES;
import static io.tuneplane.policy.Questions.LOCAL;
import static io.tuneplane.policy.Questions.NOW;
import static io.tuneplane.policy.Questions.OPENAI;
import static io.tuneplane.policy.Questions.VERTEX;
import static io.tuneplane.policy.Questions.training;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClearancesTest {

  private final MemoryLedger ledger = new MemoryLedger();

  @Test
  void thePermitIsForOneDatasetOnePlaceAndOnePurpose() {
    Clearance clearance = clearances().request(training(OPENAI), "d1", "local user", NOW);

    assertThat(clearance).isInstanceOf(EgressPermit.class);
    assertThat(clearance.destination()).isEqualTo("openai");
    assertThat(clearance.scope())
        .contains(new Clearance.Scope("d1", "training", NOW.plus(Duration.ofHours(1))));
  }

  @Test
  void aPromptPermitLastsFiveMinutes() {
    Question prompt = Questions.ask(OPENAI, Purpose.PROMPT, Flags.NONE);

    Clearance clearance = clearances().request(prompt, "ft:x", "local user", NOW);

    assertThat(clearance.scope())
        .contains(new Clearance.Scope("ft:x", "prompt", NOW.plus(Duration.ofMinutes(5))));
  }

  @Test
  void aPermitEndsWithTheAttestationThatItRestsOn() {
    Attestation last = attestation("gdpr", "2026-11-24");
    Attestation longer = attestation("hipaa", "2027-11-24");
    Instant lateThatDay = Instant.parse("2026-11-24T23:30:00Z");

    Clearance clearance =
        clearances(longer, last)
            .request(training(VERTEX, "hipaa", "gdpr"), "d1", "local user", lateThatDay);

    assertThat(clearance.scope().orElseThrow().expiresAt())
        .isEqualTo(Instant.parse("2026-11-25T00:00:00Z"));
  }

  @Test
  void ownHardwareGivesNoPermitToLeave() {
    assertThat(clearances().request(training(LOCAL, "hipaa"), "d1", "local user", NOW))
        .isInstanceOf(OnHardware.class);
    assertThat(clearances().request(training(KUBERNETES), "d1", "local user", NOW).scope())
        .as("leave for one data set on rented hardware is not leave for another")
        .map(Clearance.Scope::subject)
        .contains("d1");
  }

  @Test
  void everyAnswerIsInTheLedgerFirst() {
    Clearances clearances = clearances();
    clearances.request(training(LOCAL, "hipaa"), "d1", "local user", NOW);
    clearances.request(training(OPENAI), "d2", "local user", NOW);
    assertThatThrownBy(() -> clearances.request(training(OPENAI, "hipaa"), "d1", "local user", NOW))
        .isInstanceOf(PolicyRefusedException.class)
        .hasMessageContaining("data flagged hipaa stays on own hardware");

    assertThat(ledger.events)
        .extracting(AuditEvent::kind)
        .containsExactly(AuditEvent.Kind.USE, AuditEvent.Kind.EGRESS, AuditEvent.Kind.REFUSAL);
    assertThat(ledger.events.get(1).fields())
        .containsEntry("destination", "openai")
        .containsEntry("location", "third_party")
        .containsEntry("subject", "d2")
        .containsEntry("purpose", "training")
        .containsEntry("rule", "unflagged")
        .containsEntry("actor", "local user");
  }

  @Test
  void withoutItsLineInTheLedgerThereIsNoClearance() {
    Ledger full =
        new Ledger() {
          @Override
          public void append(AuditEvent event) {
            throw new IllegalStateException("disk full");
          }

          @Override
          public Optional<Instant> newest() {
            return Optional.empty();
          }
        };
    Clearances clearances = new Clearances(new PolicyEngine(Policy.builtIn()), full);

    assertThatThrownBy(() -> clearances.request(training(OPENAI), "d1", "local user", NOW))
        .hasMessage("disk full");
  }

  @Test
  void aClockSetBackBringsNoAttestationBackToLife() {
    Clearances clearances = clearances(attestation("hipaa", "2026-11-24"));
    Question question = training(VERTEX, "hipaa");
    clearances.request(training(LOCAL), "d0", "local user", NOW.plus(Duration.ofDays(3)));

    assertThatThrownBy(() -> clearances.request(question, "d1", "local user", NOW))
        .isInstanceOfSatisfying(
            PolicyRefusedException.class,
            e ->
                assertThat(e.verdict().evidence())
                    .contains("the clock is behind the audit log, so no attestation counts"));
    assertThat(clearances.request(training(OPENAI), "d2", "local user", NOW))
        .as("data without a flag needs no attestation")
        .isInstanceOf(EgressPermit.class);
  }

  private Clearances clearances(Attestation... attestations) {
    return new Clearances(new PolicyEngine(Policy.builtIn().with(List.of(attestations))), ledger);
  }

  private static Attestation attestation(String flag, String until) {
    return new Attestation(
        "a.smith",
        LocalDate.parse("2026-01-01"),
        LocalDate.parse(until),
        "BAA",
        flag,
        "vertex",
        Purpose.TRAINING,
        Optional.of("us-central1"));
  }

  private static final class MemoryLedger implements Ledger {
    private final List<AuditEvent> events = new ArrayList<>();
    private Optional<Instant> newest = Optional.empty();

    @Override
    public void append(AuditEvent event) {
      events.add(event);
      newest = newest.filter(time -> time.isAfter(event.at())).or(() -> Optional.of(event.at()));
    }

    @Override
    public Optional<Instant> newest() {
      return newest;
    }
  }
}
