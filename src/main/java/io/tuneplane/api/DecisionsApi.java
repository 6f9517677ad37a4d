package io.tuneplane.api;

/// The choice of a place, before anything is spent.
public interface DecisionsApi {}
