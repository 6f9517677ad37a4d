package io.tuneplane.policy;

import java.time.Instant;
import java.util.Optional;

/// Leave for bytes of a data set or a prompt to move. Only this package can make one
/// ([Clearances]), after the line in the audit log, and every backend method that moves bytes asks
/// for one in its signature: code without leave doesn't compile.
public sealed interface Clearance permits OnHardware, EgressPermit {

  /// The backend that it is good for.
  String destination();

  /// What else it is bound to; empty only on hardware that the operator holds, where no byte
  /// leaves.
  Optional<Scope> scope();

  /// One data set or deployment, one purpose, until a time.
  ///
  /// @param subject the data set's digest, or the deployment
  /// @param purpose `training` or `prompt`
  /// @param expiresAt when it ends
  record Scope(String subject, String purpose, Instant expiresAt) {}
}
