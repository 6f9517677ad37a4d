package io.tuneplane.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.DecideBodies;
import io.tuneplane.api.DecideRequest;
import io.tuneplane.api.DecisionsApi;
import io.tuneplane.decision.Decision;

/// Decisions of a server.
final class HttpDecisions implements DecisionsApi {

  private static final String DECISIONS = "/api/v1/decisions";

  private final Exchange exchange;

  HttpDecisions(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public Decided decide(DecideRequest request) {
    JsonNode answer = exchange.post(DECISIONS, DecideBodies.write(request));
    return new Decided(answer.path("id").asText(), Answers.as(answer, Decision.class));
  }

  @Override
  public Replayed replay(String id) {
    return Answers.as(
        exchange.get(DECISIONS + "/" + Exchange.part(id) + "/replay"), Replayed.class);
  }
}
