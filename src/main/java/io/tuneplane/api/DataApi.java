package io.tuneplane.api;

/// Checks, conversions and scans of data files.
public interface DataApi {}
