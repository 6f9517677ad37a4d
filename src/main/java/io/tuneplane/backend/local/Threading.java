package io.tuneplane.backend.local;

import io.tuneplane.config.Settings;
import java.util.Map;

/// How many threads compute, and how they wait for each other. Threads that spin while they wait
/// are faster on a quiet machine (165 tokens/s against 141 in a trial on 2 cores) and collapse
/// where another process wants the same cores (25 against 86).
///
/// @param threads how many
/// @param spins whether they spin
record Threading(int threads, boolean spins) {

  /// Below this share of busy cores a machine counts as quiet.
  static final double QUIET = 0.25;

  /// How long a waiting thread spins, as GNU's OpenMP counts. Its own default is minutes.
  static final long SPIN_COUNT = 50_000;

  static Threading choose(Settings.Spin spin, int threads, Machine machine) {
    return new Threading(
        threads,
        switch (spin) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> machine.busy() < QUIET;
        });
  }

  Map<String, String> environment() {
    return spins
        ? Map.of(
            "OMP_NUM_THREADS", Integer.toString(threads),
            "GOMP_SPINCOUNT", Long.toString(SPIN_COUNT))
        : Map.of("OMP_NUM_THREADS", Integer.toString(threads), "OMP_WAIT_POLICY", "passive");
  }
}
