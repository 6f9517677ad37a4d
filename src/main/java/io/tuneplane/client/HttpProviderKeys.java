package io.tuneplane.client;

import io.tuneplane.api.ProviderKeyBodies;
import io.tuneplane.api.ProviderKeysApi;
import java.util.List;

/// Providers' keys of a server.
final class HttpProviderKeys implements ProviderKeysApi {

  private static final String KEYS = "/api/v1/provider-keys";

  private final Exchange exchange;

  HttpProviderKeys(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public Card put(String name, String key) {
    return Answers.as(
        exchange.post(KEYS, ProviderKeyBodies.write(new ProviderKeyBodies.Wanted(name, key))),
        Card.class);
  }

  @Override
  public List<Card> list() {
    return Answers.list(exchange.get(KEYS), Card.class);
  }

  @Override
  public void remove(String name) {
    exchange.delete(KEYS + "/" + Exchange.part(name));
  }
}
