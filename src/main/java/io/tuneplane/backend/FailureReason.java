package io.tuneplane.backend;

/// Why a run failed.
///
/// @param code a stable word for programs, e.g. `invalid_training_file`, `out_of_memory`,
///   `run_lost`
/// @param message what happened and what to do, for people; the place's own words where it has some
/// @param retryable whether the same spec could succeed on another try
public record FailureReason(String code, String message, boolean retryable) {}
