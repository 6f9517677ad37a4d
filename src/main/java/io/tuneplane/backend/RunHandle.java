package io.tuneplane.backend;

/// What is stored of a run: enough to find it again after a restart, and nothing else.
///
/// @param backend the backend's name
/// @param remoteId the place's own id of the run; opaque to callers
public record RunHandle(String backend, String remoteId) {}
