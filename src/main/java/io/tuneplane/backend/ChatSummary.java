package io.tuneplane.backend;

/// How an answer ended, and what it used.
///
/// @param finishReason `stop`, `length`, `content_filter` (the place withheld the rest) or
///   `cancelled`
/// @param promptTokens tokens of the request, once templated
/// @param completionTokens tokens of the answer
/// @param cachedTokens prompt tokens that the place took from a cache
public record ChatSummary(
    String finishReason, int promptTokens, int completionTokens, int cachedTokens) {}
