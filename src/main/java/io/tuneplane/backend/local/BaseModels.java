package io.tuneplane.backend.local;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;

/// Finds base models that are on this machine's disk. `ModelStore::open` is one.
public interface BaseModels {

  /// Opens a base model; the caller closes it.
  ///
  /// @param name a catalogue id, a hub id or a path
  /// @throws ModelException if there is no such model, it is not on the disk, or it can't be read
  BaseModel open(String name);
}
