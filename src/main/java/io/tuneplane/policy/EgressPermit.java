package io.tuneplane.policy;

import java.time.Instant;
import java.util.Optional;

/// Leave to send data to a third party: one data set or deployment, one destination, one purpose,
/// until a time.
public final class EgressPermit implements Clearance {

  private final String destination;
  private final Scope scope;

  EgressPermit(String destination, String subject, String purpose, Instant expiresAt) {
    this.destination = destination;
    this.scope = new Scope(subject, purpose, expiresAt);
  }

  @Override
  public String destination() {
    return destination;
  }

  @Override
  public Optional<Scope> scope() {
    return Optional.of(scope);
  }

  /// The data set's digest, or the deployment.
  public String subject() {
    return scope.subject();
  }

  /// `training` or `prompt`.
  public String purpose() {
    return scope.purpose();
  }

  /// When it ends.
  public Instant expiresAt() {
    return scope.expiresAt();
  }
}
