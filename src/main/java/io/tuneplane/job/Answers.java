package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.decision.Place;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Clearances;
import io.tuneplane.policy.Destination;
import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.Purpose;
import io.tuneplane.policy.Question;
import io.tuneplane.policy.Scan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// Lets models answer: brings one into service, gets leave for the prompt, and passes the answer
/// on. What a tuned model's data was flagged holds for its prompts. Safe for many threads.
public final class Answers {

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration LONGEST_START = Duration.ofMinutes(10);

  private final Places places;
  private final Clearances clearances;
  private final InstantSource clock;
  private final Pause pause;
  private final String actor;

  /// @param actor who asks, for the audit log
  public Answers(
      Places places, Clearances clearances, InstantSource clock, Pause pause, String actor) {
    this.places = places;
    this.clearances = clearances;
    this.clock = clock;
    this.pause = pause;
    this.actor = actor;
  }

  /// Asks a tuned model.
  ///
  /// @throws InterruptedException if the thread was asked to stop while the model came into service
  public ChatSummary ask(TunedModel model, ChatRequest request, ChatSink sink)
      throws InterruptedException {
    return ask(model.backend(), Deployed.spec(model), model.flags(), request, sink);
  }

  /// Asks a base model.
  ///
  /// @throws InterruptedException if the thread was asked to stop while the model came into service
  public ChatSummary ask(String backend, String baseModel, ChatRequest request, ChatSink sink)
      throws InterruptedException {
    DeploymentSpec spec =
        new DeploymentSpec(baseModel, baseModel, Optional.empty(), Optional.empty());
    return ask(backend, spec, Set.of(), request, sink);
  }

  private ChatSummary ask(
      String backend, DeploymentSpec spec, Set<String> flags, ChatRequest request, ChatSink sink)
      throws InterruptedException {
    ServingBackend place =
        places
            .serving(backend)
            .orElseThrow(
                () -> new BackendException.Unavailable(backend, "chat", "is not set up any more"));
    DeploymentHandle deployment = place.deploy(spec);
    awaitReady(place, deployment);
    Clearance clearance =
        clearances.request(
            new Question(
                Flags.of(flags, Scan.NOT_RUN),
                destination(backend),
                Purpose.PROMPT,
                spec.baseModel(),
                Optional.empty()),
            deployment.remoteId(),
            actor,
            clock.instant());
    return place.chat(deployment, request, clearance, sink);
  }

  private Destination destination(String backend) {
    return places
        .training(backend)
        .map(place -> place.capabilities().location())
        .map(location ->
            new Destination(backend, location, provider(backend, location), Optional.empty()))
        .orElseThrow(
            () -> new BackendException.Unavailable(backend, "chat", "says not where it is"));
  }

  private static String provider(String backend, Location location) {
    return location == Location.THIRD_PARTY ? backend : Place.SELF;
  }

  private void awaitReady(ServingBackend place, DeploymentHandle deployment)
      throws InterruptedException {
    var deadline = clock.instant().plus(LONGEST_START);
    while (true) {
      String waitsFor =
          switch (place.observe(deployment)) {
            case DeploymentState.Ready _ -> "";
            case DeploymentState.Starting starting -> starting.detail();
            case DeploymentState.Broken broken ->
                throw new BackendException.Unavailable(place.name(), "deploy", broken.reason());
            case DeploymentState.Gone _ ->
                throw new BackendException.RunLost(place.name(), "deploy", "is gone");
          };
      if (waitsFor.isEmpty()) {
        return;
      }
      if (clock.instant().isAfter(deadline)) {
        throw new BackendException.Unavailable(
            place.name(), "deploy", "still not ready: " + waitsFor);
      }
      pause.of(LOOK_EVERY);
    }
  }
}
