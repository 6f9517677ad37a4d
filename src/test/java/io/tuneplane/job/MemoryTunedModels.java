package io.tuneplane.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tuned models in memory; weights stay where they are.
public final class MemoryTunedModels implements TunedModels {

  private final Map<String, TunedModel> models = new LinkedHashMap<>();

  /// Everything that is kept now, to be put back later.
  synchronized Runnable backup() {
    Map<String, TunedModel> copy = new LinkedHashMap<>(models);
    return () -> {
      synchronized (this) {
        models.clear();
        models.putAll(copy);
      }
    };
  }

  @Override
  public Path keep(String id, Path adapter) {
    return Path.of("kept", id);
  }

  @Override
  public synchronized void save(TunedModel model) {
    models.put(model.name(), model);
  }

  @Override
  public synchronized Optional<TunedModel> find(String organisation, String name) {
    return Optional.ofNullable(models.get(name))
        .filter(model -> model.organisation().equals(organisation));
  }

  @Override
  public synchronized List<TunedModel> list(String organisation) {
    return new ArrayList<>(models.values())
        .reversed().stream().filter(m -> m.organisation().equals(organisation)).toList();
  }
}
