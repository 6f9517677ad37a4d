package io.tuneplane.cli;

import io.tuneplane.api.Api;
import io.tuneplane.model.FetchListener;

/// Connects a command to Tuneplane.
@FunctionalInterface
public interface Connection {

  /// Makes the [Api] that the options ask for.
  ///
  /// @param fetches is told of models that are fetched, to show how far they are
  Api connect(GlobalOptions options, FetchListener fetches);
}
