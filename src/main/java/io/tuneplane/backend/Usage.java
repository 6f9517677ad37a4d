package io.tuneplane.backend;

import java.time.Duration;

/// What a run used.
///
/// @param trainedTokens tokens passed through the model, all epochs
/// @param steps optimiser steps
/// @param wallTime time at work, pauses left out
/// @param peakMemoryBytes the most memory held at once, 0 where unknown
public record Usage(long trainedTokens, long steps, Duration wallTime, long peakMemoryBytes) {}
