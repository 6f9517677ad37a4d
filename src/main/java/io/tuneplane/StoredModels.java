package io.tuneplane;

import io.tuneplane.backend.local.BaseModels;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.FetchListener;
import io.tuneplane.model.ModelStore;

/// The model store as the local backend asks for it; fetches are shown.
record StoredModels(ModelStore store, FetchListener fetches) implements BaseModels {

  @Override
  public boolean isHere(String name) {
    return store.cached(name).isPresent();
  }

  @Override
  public BaseModel open(String name) {
    store.fetch(name, fetches);
    return store.open(name);
  }
}
