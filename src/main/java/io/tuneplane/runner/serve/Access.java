package io.tuneplane.runner.serve;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/// Lets in who has the token, and gives each answer a request id: the caller's own where it is
/// harmless, else a new one.
final class Access implements Filter {

  /// The one route that is open: it tells nothing but that the server lives.
  static final String HEALTH = "/health";

  private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final BearerToken token;

  Access(BearerToken token) {
    this.token = token;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response.header("X-Request-Id", requestId(request));
    if (!request.path().path().equals(HEALTH)
        && !token.allows(values(request, HeaderNames.AUTHORIZATION))) {
      throw ApiException.unauthorized();
    }
    chain.proceed();
  }

  private static String requestId(RoutingRequest request) {
    List<String> given = values(request, REQUEST_ID);
    return given.size() == 1 && HARMLESS.matcher(given.getFirst()).matches()
        ? given.getFirst()
        : "req-" + UUID.randomUUID();
  }

  private static List<String> values(RoutingRequest request, HeaderName name) {
    return request.headers().values(name);
  }
}
