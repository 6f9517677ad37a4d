package io.tuneplane.api;

/// That something is gone, in OpenAI's shape.
///
/// @param object what it was
/// @param deleted always true
public record Deleted(String id, String object, boolean deleted) {}
