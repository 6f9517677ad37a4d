package io.tuneplane.api;

/// What each place would cost.
public interface CostsApi {}
