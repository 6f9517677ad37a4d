package io.tuneplane.policy;

/// Leave to use data on hardware that we hold.
public final class OnHardware implements Clearance {

  private final String destination;

  OnHardware(String destination) {
    this.destination = destination;
  }

  /// The backend that it is good for.
  public String destination() {
    return destination;
  }
}
