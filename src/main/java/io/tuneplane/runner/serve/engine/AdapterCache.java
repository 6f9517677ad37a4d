package io.tuneplane.runner.serve.engine;

import io.tuneplane.model.ModelConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// Keeps the inputs of the last few sets of adapters that were used together. Not safe for many
/// threads.
final class AdapterCache implements AutoCloseable {

  private static final int KEPT = 4;

  private final ModelConfig config;
  private final SequencedMap<Set<Adapter>, AdapterInputs> inputs = new LinkedHashMap<>();

  AdapterCache(ModelConfig config) {
    this.config = config;
  }

  /// The inputs for a batch with these adapters. Stays good until the next call.
  AdapterInputs of(List<Optional<Adapter>> rows) {
    Set<Adapter> wanted =
        rows.stream().flatMap(Optional::stream).collect(Collectors.toUnmodifiableSet());
    AdapterInputs known = inputs.remove(wanted);
    AdapterInputs used = known == null ? new AdapterInputs(config, List.copyOf(wanted)) : known;
    inputs.putLast(wanted, used);
    if (inputs.size() > KEPT) {
      inputs.pollFirstEntry().getValue().close();
    }
    return used;
  }

  @Override
  public void close() {
    inputs.values().forEach(AdapterInputs::close);
    inputs.clear();
  }
}
