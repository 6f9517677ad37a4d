package io.tuneplane.cost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A provider that tunes and serves models of its own.
///
/// @param id its name in the book
/// @param backend the backend that speaks to it
/// @param noNewJobs from when it takes no new tuning job, where that is known
/// @param firstResultHours how long a tuning job usually takes there
/// @param limits its limits by name, e.g. `min_examples`
/// @param models its models by id
public record ManagedProvider(
    String id,
    String backend,
    Optional<EndDate> noNewJobs,
    Optional<PriceLine> firstResultHours,
    Map<String, PriceLine> limits,
    Map<String, ManagedModel> models) {

  public ManagedProvider {
    limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
  }
}
