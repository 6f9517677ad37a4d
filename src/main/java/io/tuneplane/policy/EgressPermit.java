package io.tuneplane.policy;

import java.time.Instant;

/// Leave to send data to a third party: one data set or deployment, one destination, one purpose,
/// until a time.
public final class EgressPermit implements Clearance {

  private final String destination;
  private final String subject;
  private final String purpose;
  private final Instant expiresAt;

  EgressPermit(String destination, String subject, String purpose, Instant expiresAt) {
    this.destination = destination;
    this.subject = subject;
    this.purpose = purpose;
    this.expiresAt = expiresAt;
  }

  /// The backend that it is good for.
  public String destination() {
    return destination;
  }

  /// The data set's digest, or the deployment.
  public String subject() {
    return subject;
  }

  /// `training` or `prompt`.
  public String purpose() {
    return purpose;
  }

  /// When it ends.
  public Instant expiresAt() {
    return expiresAt;
  }
}
