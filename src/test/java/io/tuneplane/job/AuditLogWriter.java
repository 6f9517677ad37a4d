package io.tuneplane.job;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/// Appends to an audit log from a process of its own.
public final class AuditLogWriter {

  private AuditLogWriter() {}

  /// Appends.
  ///
  /// @param args the directory and how many lines to append
  public static void main(String[] args) {
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));
    try (AuditLog log = AuditLog.open(Path.of(args[0]), clock)) {
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        log.append(AuditLogTest.event("theirs " + i));
      }
    }
  }
}
