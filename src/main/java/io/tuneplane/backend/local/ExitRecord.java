package io.tuneplane.backend.local;

import java.time.Instant;

/// How a process of a run ended, as its parent saw it: `exit.json`.
///
/// @param attempt which start of the run it was
/// @param code its exit code; 128 and the signal's number where a signal ended it
/// @param at when
record ExitRecord(int attempt, int code, Instant at) {}
