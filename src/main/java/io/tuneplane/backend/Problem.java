package io.tuneplane.backend;

/// One thing that speaks against a request.
///
/// @param field what it is about, as the user named it: `training_file`, `hyperparameters.n_epochs`
/// @param message what is wrong and what to do
public record Problem(String field, String message) {}
