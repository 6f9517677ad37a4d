package io.tuneplane.policy;

import java.time.Instant;

/// Leave to use data on hardware that we hold: one data set or deployment, one place, one purpose,
/// until a time.
public final class OnHardware implements Clearance {

  private final String destination;
  private final String subject;
  private final Purpose purpose;
  private final Instant expiresAt;

  OnHardware(String destination, String subject, Purpose purpose, Instant expiresAt) {
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
