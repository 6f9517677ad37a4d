package io.tuneplane.http;

import io.tuneplane.access.Caller;
import io.tuneplane.api.AttestationCard;
import io.tuneplane.api.AttestationsApi;
import io.tuneplane.api.AuditApi;
import io.tuneplane.api.BackendCard;
import io.tuneplane.api.BackendsApi;
import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostsApi;
import io.tuneplane.api.DecideRequest;
import io.tuneplane.api.DecisionsApi;
import io.tuneplane.api.Json;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.api.ProviderTable;
import io.tuneplane.decision.StoredDecision;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// Facets that say little.
final class FakeGovernance {

  static final String DECISION = "dec-1";

  private FakeGovernance() {}

  static BackendsApi backends() {
    return new BackendsApi() {
      @Override
      public List<BackendCard> list() {
        return List.of();
      }

      @Override
      public ProviderTable compare(String book) {
        return new ProviderTable(book, List.of(), List.of());
      }
    };
  }

  static CostsApi costs() {
    return request ->
        new CostAnswer(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new CostAnswer.Asked(
                request.basis().book(),
                LocalDate.of(2026, 11, 25),
                request.basis().months(),
                new CostAnswer.Training(1, "1", 1, 1),
                Optional.empty(),
                List.of()));
  }

  static DecisionsApi decisions(Caller caller) {
    return new DecisionsApi() {
      @Override
      public Decided decide(DecideRequest request) {
        throw new NotFoundException("file", request.data().training());
      }

      @Override
      public Replayed replay(String id) {
        if (!caller.organisation().equals("default") || !id.equals(DECISION)) {
          throw new NotFoundException("decision", id);
        }
        return new Replayed(id, StoredDecision.Replay.SAME, Json.mapper().createObjectNode());
      }
    };
  }

  static AttestationsApi attestations() {
    return new AttestationsApi() {
      @Override
      public AttestationCard add(Attestation attestation) {
        return new AttestationCard(
            attestation.who(),
            attestation.when(),
            attestation.until(),
            attestation.document(),
            attestation.flag(),
            attestation.destination(),
            attestation.endpoint().wireName(),
            attestation.region(),
            true);
      }

      @Override
      public List<AttestationCard> list() {
        return List.of();
      }
    };
  }

  static AuditApi audit() {
    return new AuditApi() {
      @Override
      public AuditReport verify(Optional<AuditHead> kept) {
        return new AuditReport(0, Optional.empty(), List.of(), false, kept);
      }

      @Override
      public List<AuditLine> newest(int limit) {
        return List.of();
      }
    };
  }
}
