package io.tuneplane.api;

/// The places and their state.
public interface BackendsApi {}
