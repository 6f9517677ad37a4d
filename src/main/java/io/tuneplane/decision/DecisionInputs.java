package io.tuneplane.decision;

import java.time.Instant;

/// Everything that a decision is made from. The same inputs give the same decision, byte for byte.
///
/// @param request what is to be decided
/// @param world what it rests on
/// @param now the time
public record DecisionInputs(DecisionRequest request, World world, Instant now) {}
