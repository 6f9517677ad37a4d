package io.tuneplane.client;

import io.tuneplane.api.BackendCard;
import io.tuneplane.api.BackendsApi;
import io.tuneplane.api.ProviderTable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The places as a server sees them.
final class HttpBackends implements BackendsApi {

  private final Exchange exchange;

  HttpBackends(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public List<BackendCard> list() {
    return Answers.list(exchange.get("/api/v1/backends"), BackendCard.class);
  }

  @Override
  public ProviderTable compare(String book) {
    String query = URLEncoder.encode(book, StandardCharsets.UTF_8);
    return Answers.as(exchange.get("/api/v1/backends/compare?book=" + query), ProviderTable.class);
  }
}
