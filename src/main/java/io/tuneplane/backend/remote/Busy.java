package io.tuneplane.backend.remote;

import io.tuneplane.backend.remote.RefusedException.Why;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What is being written to. Safe for many threads.
final class Busy {

  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /// Works on something alone.
  ///
  /// @throws RefusedException if somebody else does already
  <T> T alone(String name, Admissions.Work<T> work) throws IOException {
    if (!names.add(name)) {
      throw RefusedException.of(
          Why.BUSY, "an earlier piece of this file is still arriving; try again");
    }
    try {
      return work.run();
    } finally {
      names.remove(name);
    }
  }
}
