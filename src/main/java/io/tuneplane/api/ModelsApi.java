package io.tuneplane.api;

/// Models that can be tuned, and tuned ones that answer.
public interface ModelsApi {}
