package io.tuneplane.client;

import io.tuneplane.api.AttestationBodies;
import io.tuneplane.api.AttestationCard;
import io.tuneplane.api.AttestationsApi;
import io.tuneplane.policy.Attestation;
import java.util.List;

/// Attestations of a server.
final class HttpAttestations implements AttestationsApi {

  private static final String ATTESTATIONS = "/api/v1/attestations";

  private final Exchange exchange;

  HttpAttestations(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public AttestationCard add(Attestation attestation) {
    return Answers.as(
        exchange.post(ATTESTATIONS, AttestationBodies.write(attestation)), AttestationCard.class);
  }

  @Override
  public List<AttestationCard> list() {
    return Answers.list(exchange.get(ATTESTATIONS), AttestationCard.class);
  }
}
