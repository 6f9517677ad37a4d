package io.tuneplane.http;

import io.tuneplane.api.Json;
import io.tuneplane.http.Surroundings.State;
import java.util.Map;

/// What the server says of itself.
final class ServerRoutes {

  private static final String PLAIN = "text/plain; charset=utf-8";

  private final State state;
  private final Metrics metrics;

  ServerRoutes(State state, Metrics metrics) {
    this.state = state;
    this.metrics = metrics;
  }

  void handlers(Handlers handlers) {
    Answer description = new Answer.Body(200, Json.tree(OpenApi.of(state.version())), Map.of());
    handlers
        .open(Route.HOME, this::home)
        .open(Route.HEALTH, () -> new Answer.Text(200, PLAIN, "ok\n"))
        .open(Route.READY, this::ready)
        .open(Route.OPENAPI, () -> description)
        .on(
            Route.METRICS,
            _ -> new Answer.Text(200, OpenMetrics.TYPE, OpenMetrics.text(metrics, state)));
  }

  private Answer ready() {
    return state
        .trouble()
        .get()
        .<Answer>map(why -> new Answer.Text(503, PLAIN, "not ready: " + why + "\n"))
        .orElseGet(() -> new Answer.Text(200, PLAIN, "ready\n"));
  }

  private Answer home() {
    return new Answer.Text(
        200,
        "text/html; charset=utf-8",
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Tuneplane</title>
        <style>body { font-family: sans-serif; max-width: 40em; margin: 4em auto; }</style>
        <h1>Tuneplane %s</h1>
        <p>One fine-tuning API for OpenAI, Vertex AI, your own GPUs and this machine.</p>
        <p>Give an OpenAI client this server's address with <code>/v1</code> as its base URL, and a
        key that <code>tuneplane keys create</code> made.</p>
        <p><a href="/openapi.json">openapi.json</a> has every route.</p>
        </html>
        """
            .formatted(state.version()));
  }
}
