package io.tuneplane.job;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Keeps tuned models and their weights. Safe for many threads.
public interface TunedModels {

  /// Takes a copy of an adapter, so that it no longer depends on the run that made it.
  ///
  /// @param id names the copy; `[A-Za-z0-9-]{1,63}`
  /// @return the copy's folder, whole and on disk
  Path keep(String id, Path adapter);

  /// Makes a model known.
  void save(TunedModel model);

  /// One model.
  Optional<TunedModel> find(String organisation, String name);

  /// Forgets a model; its weights go once nothing else needs them.
  ///
  /// @return whether there was one
  boolean delete(String organisation, String name);

  /// An organisation's models, newest first.
  List<TunedModel> list(String organisation);
}
