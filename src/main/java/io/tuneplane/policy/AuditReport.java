package io.tuneplane.policy;

import java.util.List;
import java.util.Optional;

/// What checking the audit log found.
///
/// @param lines how many whole lines it has
/// @param finding the first line that was tampered with, if any
/// @param clockSetBack the lines whose time is before the line above, from 1: no proof of
///   tampering, but a reason to look at them
/// @param tornEnd whether a half line that a crash left stands at the end; the next start sets it
///   aside
/// @param head the newest line's head; keep it elsewhere, and the log can be held against it later
public record AuditReport(
    long lines,
    Optional<Finding> finding,
    List<Long> clockSetBack,
    boolean tornEnd,
    Optional<AuditHead> head) {

  public AuditReport {
    clockSetBack = List.copyOf(clockSetBack);
  }

  /// Whether the log is whole.
  public boolean isWhole() {
    return finding.isEmpty();
  }

  /// What was done to a line.
  public enum Tampering {
    /// It doesn't say what it said when it was written.
    ALTERED,
    /// It is not there any more, and later ones are.
    REMOVED,
    /// It stands somewhere else in the log.
    REORDERED,
    /// It and everything after it was cut off.
    TRUNCATED
  }

  /// The first line that is not as it was written.
  ///
  /// @param line its number, from 1, in the log as it was written
  /// @param tampering what was done to it
  /// @param words the same as a sentence
  public record Finding(long line, Tampering tampering, String words) {}
}
