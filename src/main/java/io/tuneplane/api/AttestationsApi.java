package io.tuneplane.api;

/// An administrator's attestations: leave for flagged data to go to a place.
public interface AttestationsApi {}
