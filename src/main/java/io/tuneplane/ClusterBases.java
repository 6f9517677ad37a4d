package io.tuneplane;

import io.tuneplane.backend.kubernetes.Bases;
import io.tuneplane.backend.local.BaseModels;
import io.tuneplane.model.BaseModel;

/// The base models of this machine as a cluster asks for them.
record ClusterBases(BaseModels models) implements Bases {

  @Override
  public boolean isHere(String name) {
    return models.isHere(name);
  }

  @Override
  public BaseModel open(String name) {
    return models.open(name);
  }
}
