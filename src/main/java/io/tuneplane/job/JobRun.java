package io.tuneplane.job;

import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.RunHandle;

/// How far a submitted run is.
///
/// @param handle where to find it again
/// @param cursor the last event that was stored
/// @param step the last optimiser step that was heard of
/// @param totalSteps how many there will be; 0 while unknown
public record JobRun(RunHandle handle, Cursor cursor, long step, long totalSteps) {}
