package io.tuneplane.backend.vertex;

import com.google.genai.types.ListTuningJobsConfig;
import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether Vertex AI would take a job: what is set up, whether every model has stopped, and what a
/// cheap read (one job of the list) answers. The answer is kept for a while. A project whose list
/// has a job has had a create answered; where there is none, nobody knows. Safe for many threads.
final class Probe {

  private static final Duration KEPT = Duration.ofMinutes(1);

  private final VertexSettings settings;
  private final VertexFacts facts;
  private final GoogleClients clients;
  private @Nullable Availability answer;
  private Instant answeredAt = Instant.MIN;
  private boolean created;

  Probe(VertexSettings settings, VertexFacts facts, GoogleClients clients) {
    this.settings = settings;
    this.facts = facts;
    this.clients = clients;
  }

  /// A create has answered.
  synchronized void created() {
    created = true;
    answer = null;
  }

  synchronized Availability availability() {
    Instant now = facts.now();
    if (answer == null || Duration.between(answeredAt, now).compareTo(KEPT) > 0) {
      answer = ask();
      answeredAt = now;
    }
    return answer;
  }

  static String setUp(List<String> missing) {
    return "set " + String.join(", ", missing) + ": docs/vertex.md";
  }

  private Availability ask() {
    List<String> missing = settings.missing();
    if (!missing.isEmpty()) {
      return new Availability.NeedsSetup(setUp(missing));
    }
    if (facts.alive().isEmpty() && !facts.models().isEmpty()) {
      Optional<LocalDate> last =
          facts.models().stream()
              .flatMap(m -> facts.stopped(m).stream())
              .map(end -> end.date())
              .max(LocalDate::compareTo);
      return new Availability.Closed("every model that Vertex AI tuned has stopped", last);
    }
    try {
      clients.credentials();
    } catch (IOException e) {
      return new Availability.NeedsSetup(
          "sign in: gcloud auth application-default login, or name a service account's file in"
              + " GOOGLE_APPLICATION_CREDENTIALS (docs/vertex.md)");
    }
    return list();
  }

  private Availability list() {
    try {
      boolean any =
          GoogleCall.make(
              "availability",
              () ->
                  clients
                      .ai()
                      .tunings
                      .list(ListTuningJobsConfig.builder().pageSize(1).build())
                      .iterator()
                      .hasNext());
      return any || created
          ? new Availability.Ready()
          : new Availability.Unverified(
              "project "
                  + settings.project()
                  + " has no tuning job yet, and only creating one tells whether it may");
    } catch (BackendException.Unauthorized | BackendException.Rejected e) {
      return new Availability.NeedsSetup(String.valueOf(e.getMessage()));
    } catch (BackendException.RunLost e) {
      return new Availability.NeedsSetup(
          "project " + settings.project() + " was not found: " + e.getMessage());
    } catch (BackendException e) {
      return new Availability.Unverified(String.valueOf(e.getMessage()));
    }
  }
}
