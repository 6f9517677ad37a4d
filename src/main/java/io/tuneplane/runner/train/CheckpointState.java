package io.tuneplane.runner.train;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Where a run stood, as `state.json` of a checkpoint holds it. The order of the data, dropout and
/// the learning rate follow from the seed and the step, so there is no generator's state to keep.
///
/// @param step optimiser steps done
/// @param totalSteps how many there will be
/// @param epoch the epoch of the next step, from 0
/// @param positionInEpoch steps done in that epoch
/// @param seed the job's
/// @param learningRate of the step that was done last; 0 before the first
/// @param tokens tokens passed through the model so far
/// @param seconds time at work so far
/// @param compute the arithmetic, which a resumed run keeps
/// @param passTokens the bound of a pass, which a resumed run keeps
/// @param threads the threads, which must be the same for the same bits
record CheckpointState(
    @JsonProperty(required = true) long step,
    @JsonProperty(required = true) long totalSteps,
    @JsonProperty(required = true) int epoch,
    @JsonProperty(required = true) long positionInEpoch,
    @JsonProperty(required = true) long seed,
    @JsonProperty(required = true) double learningRate,
    @JsonProperty(required = true) long tokens,
    @JsonProperty(required = true) double seconds,
    @JsonProperty(required = true) String compute,
    @JsonProperty(required = true) int passTokens,
    @JsonProperty(required = true) int threads) {}
