package io.tuneplane.policy;

import java.time.Instant;

/// Leave for bytes of a data set or a prompt to move. Only this package can make one ([Clearances]),
/// after the line in the audit log, and every backend method that moves bytes asks for one in its
/// signature: code without leave doesn't compile.
public sealed interface Clearance permits OnHardware, EgressPermit {

  /// The backend that it is good for.
  String destination();

  /// The data set's digest, or the deployment.
  String subject();

  /// What the data may be used for there.
  Purpose purpose();

  /// When it ends.
  Instant expiresAt();

  /// Whether it is leave for exactly this, now. A backend asks before it moves a byte, because a
  /// permit for another data set is no permit.
  ///
  /// @param destination the backend's name
  /// @param subject the data set's digest, or the deployment
  /// @param purpose what the data is used for
  /// @param now the time
  default boolean covers(String destination, String subject, Purpose purpose, Instant now) {
    return destination().equals(destination)
        && subject().equals(subject)
        && purpose() == purpose
        && now.isBefore(expiresAt());
  }
}
