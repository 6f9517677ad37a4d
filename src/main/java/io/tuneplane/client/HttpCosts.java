package io.tuneplane.client;

import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostBodies;
import io.tuneplane.api.CostRequest;
import io.tuneplane.api.CostsApi;

/// Costs as a server works them out, with the speeds that its jobs have reached.
final class HttpCosts implements CostsApi {

  private final Exchange exchange;

  HttpCosts(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public CostAnswer compare(CostRequest request) {
    return Answers.as(exchange.post("/api/v1/costs", CostBodies.write(request)), CostAnswer.class);
  }
}
