package io.tuneplane.policy;

import java.util.Optional;

/// Leave to use data on hardware under the operator's control. On hardware that the operator holds
/// it is good for any data; on rented hardware, for one data set or deployment, because leave for
/// unflagged data must not carry flagged data there.
public final class OnHardware implements Clearance {

  private final String destination;
  private final Optional<Scope> scope;

  OnHardware(String destination) {
    this.destination = destination;
    this.scope = Optional.empty();
  }

  OnHardware(String destination, Scope scope) {
    this.destination = destination;
    this.scope = Optional.of(scope);
  }

  @Override
  public String destination() {
    return destination;
  }

  @Override
  public Optional<Scope> scope() {
    return scope;
  }
}
