package io.tuneplane.backend;

import io.tuneplane.policy.Clearance;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Holds a clearance against the act that it is shown for. Every backend asks this before bytes
/// move, so that leave for one place, data set or purpose is never used for another.
public final class ClearanceCheck {

  private final String backend;
  private final InstantSource clock;

  /// @param backend the name of the place that asks
  /// @param clock tells whether a permit has ended
  public ClearanceCheck(String backend, InstantSource clock) {
    this.backend = backend;
    this.clock = clock;
  }

  /// Leave to train on a data set.
  ///
  /// @param digest the data set's digest
  /// @throws BackendException.Rejected if the clearance is for something else, or has ended
  public void training(Clearance clearance, String digest) {
    require(clearance, "submit", "training", digest);
  }

  /// Leave to send prompts to a deployment.
  ///
  /// @throws BackendException.Rejected if the clearance is for something else, or has ended
  public void prompt(Clearance clearance, DeploymentHandle deployment) {
    require(clearance, "chat", "prompt", deployment.remoteId());
  }

  private void require(Clearance clearance, String operation, String purpose, String subject) {
    Optional<String> objection =
        destination(clearance.destination())
            .or(() -> clearance.scope().flatMap(scope -> scope(scope, purpose, subject)));
    objection.ifPresent(words -> {
      throw new BackendException.Rejected(
          backend, operation, List.of(new Problem("clearance", words)));
    });
  }

  private Optional<String> destination(String destination) {
    return destination.equals(backend)
        ? Optional.empty()
        : Optional.of("is leave for " + destination + ", not for " + backend);
  }

  private Optional<String> scope(Clearance.Scope permit, String purpose, String subject) {
    if (!permit.purpose().equals(purpose)) {
      return Optional.of("is leave for " + permit.purpose() + ", not for " + purpose);
    }
    if (!permit.subject().equals(subject)) {
      return Optional.of("is leave for " + permit.subject() + ", not for " + subject);
    }
    if (!clock.instant().isBefore(permit.expiresAt())) {
      return Optional.of("ended at " + permit.expiresAt());
    }
    return Optional.empty();
  }
}
