package io.tuneplane.policy;

import java.util.Optional;

/// A place that data would go to.
///
/// @param name the backend's name
/// @param location who holds the hardware, as the backend declares it; a policy file may say
///   otherwise of hardware that the operator controls, never of a third party
/// @param provider who runs it: `openai`, `google`, ...; `self` for the operator
/// @param region where it is, as the provider names its regions; empty where the place has none
public record Destination(
    String name, Location location, String provider, Optional<String> region) {}
