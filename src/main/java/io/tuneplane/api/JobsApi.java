package io.tuneplane.api;

/// Fine-tuning jobs.
public interface JobsApi {}
