package io.tuneplane.backend;

/// What is stored of a deployment.
///
/// @param backend the backend's name
/// @param remoteId the place's own id; opaque to callers
public record DeploymentHandle(String backend, String remoteId) {}
