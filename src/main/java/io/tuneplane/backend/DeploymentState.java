package io.tuneplane.backend;

/// Whether a deployment answers.
public sealed interface DeploymentState {

  /// On its way.
  ///
  /// @param detail what it waits for, for people
  record Starting(String detail) implements DeploymentState {}

  /// Answers.
  ///
  /// @param readyReplicas replicas that have it loaded; 0 where the next request loads it
  /// @param replicas replicas that should
  record Ready(int readyReplicas, int replicas) implements DeploymentState {}

  /// Does not, and won't by itself.
  ///
  /// @param reason why, for people
  record Broken(String reason) implements DeploymentState {}

  /// There is no such deployment.
  record Gone() implements DeploymentState {}
}
