package io.tuneplane.client;

import io.tuneplane.api.AuditApi;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import java.util.List;
import java.util.Optional;

/// The audit log of a server.
final class HttpAudit implements AuditApi {

  private static final String AUDIT = "/api/v1/audit";

  private final Exchange exchange;

  HttpAudit(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public AuditReport verify(Optional<AuditHead> kept) {
    String head = kept.map(known -> "?head=" + Exchange.part(known.text())).orElse("");
    return Answers.as(exchange.get(AUDIT + "/verify" + head), AuditReport.class);
  }

  @Override
  public List<AuditLine> newest(int limit) {
    return Answers.list(exchange.get(AUDIT + "?limit=" + limit), AuditLine.class);
  }
}
