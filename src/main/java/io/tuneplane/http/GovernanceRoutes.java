package io.tuneplane.http;

import io.tuneplane.api.AttestationBodies;
import io.tuneplane.policy.AuditHead;
import java.util.Optional;

/// An administrator's attestations and the audit log.
final class GovernanceRoutes {

  private static final int USUAL = 100;
  private static final int MOST = 1_000;

  void handlers(Handlers handlers) {
    handlers
        .on(Route.ATTESTATIONS_LIST, call -> Answer.ok(call.api().attestations().list()))
        .on(
            Route.ATTESTATIONS_CREATE,
            call -> Answer.ok(call.api().attestations().add(AttestationBodies.read(call.json()))))
        .on(Route.AUDIT_LIST, call -> Answer.ok(call.api().audit().newest(call.limit(USUAL, MOST))))
        .on(Route.AUDIT_VERIFY, call -> Answer.ok(call.api().audit().verify(head(call))));
  }

  private static Optional<AuditHead> head(Call call) {
    return call.query("head")
        .map(text ->
            AuditHead.parse(text)
                .orElseThrow(() ->
                    Refusal.field(
                        "head", "invalid_value", "head: is none; send what verify printed")));
  }
}
