package io.tuneplane.backend.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A process that can be found again by another control plane: a number alone could be somebody
/// else's by then.
///
/// @param host where it runs
/// @param pid its number there
/// @param startedAt when the system started it
record ProcessId(String host, long pid, Instant startedAt) {

  // Linux derives the time from the boot time, which moves when the clock is set.
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  static ProcessId of(String host, ProcessHandle process, Instant now) {
    return new ProcessId(host, process.pid(), process.info().startInstant().orElse(now));
  }

  /// The process, if it lives and we are on its host.
  Optional<ProcessHandle> find(String here) {
    if (!here.equals(host)) {
      return Optional.empty();
    }
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::startedThen);
  }

  private boolean startedThen(ProcessHandle process) {
    return process
        .info()
        .startInstant()
        .map(start -> Duration.between(start, startedAt).abs().compareTo(TOLERANCE) <= 0)
        .orElse(false);
  }
}
