package io.tuneplane.backend.local;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;

/// Finds base models for this machine. A model store is one.
public interface BaseModels {

  /// Whether the model is on the disk already, so that opening it fetches nothing.
  ///
  /// @param name a catalogue id, a hub id or a path
  /// @throws ModelException if it is no name of a model
  boolean isHere(String name);

  /// Opens a model, fetching it if it is not here; the caller closes it.
  ///
  /// @throws ModelException if it can't be had or read
  BaseModel open(String name);
}
