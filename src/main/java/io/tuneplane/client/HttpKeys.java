package io.tuneplane.client;

import io.tuneplane.api.KeyBodies;
import io.tuneplane.api.KeysApi;
import java.util.List;

/// Keys of a server.
final class HttpKeys implements KeysApi {

  private static final String KEYS = "/api/v1/keys";

  private final Exchange exchange;

  HttpKeys(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public Made create(Wanted wanted) {
    return Answers.as(exchange.post(KEYS, KeyBodies.write(wanted)), Made.class);
  }

  @Override
  public List<Card> list() {
    return Answers.list(exchange.get(KEYS), Card.class);
  }

  @Override
  public void revoke(String id) {
    exchange.delete(KEYS + "/" + Exchange.part(id));
  }
}
