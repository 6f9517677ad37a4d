package io.tuneplane.policy;

import java.time.Instant;

/// Leave to send data to a third party: one data set or deployment, one destination, one purpose,
/// until a time.
public final class EgressPermit implements Clearance {

  private final String destination;
  private final String subject;
  private final Purpose purpose;
  private final Instant expiresAt;

  EgressPermit(String destination, String subject, Purpose purpose, Instant expiresAt) {
    this.destination = destination;
    this.subject = subject;
    this.purpose = purpose;
    this.expiresAt = expiresAt;
  }

  @Override
  public String destination() {
    return destination;
  }

  @Override
  public String subject() {
    return subject;
  }

  @Override
  public Purpose purpose() {
    return purpose;
  }

  @Override
  public Instant expiresAt() {
    return expiresAt;
  }
}
