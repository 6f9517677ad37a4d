package io.tuneplane.backend.kubernetes;

import io.tuneplane.model.BaseModel;

/// Finds base models for a cluster. A model store is one.
public interface Bases {

  /// Whether the model is on our disk already, so that opening it fetches nothing.
  ///
  /// @throws io.tuneplane.model.ModelException if it is no name of a model
  boolean isHere(String name);

  /// Opens a model, fetching it if it is not here; the caller closes it.
  ///
  /// @throws io.tuneplane.model.ModelException if it can't be had or read
  BaseModel open(String name);
}
