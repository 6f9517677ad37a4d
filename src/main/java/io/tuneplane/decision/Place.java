package io.tuneplane.decision;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.policy.Destination;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A backend as a decision sees it: what it can do and whether it would, at the time of asking.
///
/// @param backend its name
/// @param provider who runs it, as the price book names them; `self` for the operator
/// @param region where it is; empty where it has none
/// @param capabilities what it can do
/// @param availability whether it takes a job now
/// @param unfit models that it can't hold, each with the reason: memory, shape
public record Place(
    String backend,
    String provider,
    Optional<String> region,
    Capabilities capabilities,
    Availability availability,
    SortedMap<String, String> unfit) {

  /// The provider of hardware under the operator's control.
  public static final String SELF = "self";

  public Place {
    unfit = Collections.unmodifiableSortedMap(new TreeMap<>(unfit));
  }

  /// The place as the policy sees it.
  public Destination destination() {
    return new Destination(backend, capabilities.location(), provider, region);
  }
}
