package io.tuneplane.policy;

import java.time.Instant;

/// Makes clearances without a policy, for tests of what asks for one.
public final class TestClearances {

  private TestClearances() {}

  /// Leave to use data on hardware that we hold.
  public static Clearance onHardware(String destination) {
    return new OnHardware(destination);
  }

  /// Leave to use data on rented hardware.
  ///
  /// @param subject the data set's digest, or the deployment
  /// @param purpose `training` or `prompt`
  public static Clearance onRentedHardware(
      String destination, String subject, String purpose, Instant expiresAt) {
    return new OnHardware(destination, new Clearance.Scope(subject, purpose, expiresAt));
  }

  /// Leave to send data to a third party.
  ///
  /// @param subject the data set's digest, or the deployment
  /// @param purpose `training` or `prompt`
  public static Clearance egress(
      String destination, String subject, String purpose, Instant expiresAt) {
    return new EgressPermit(destination, subject, purpose, expiresAt);
  }
}
