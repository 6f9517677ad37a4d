package io.tuneplane.model;

/// How far the fetching of a model is.
///
/// @param source where it comes from, in words
/// @param file the file that is being fetched
/// @param done bytes of that file that are here
/// @param total its size; -1 where it is not known
public record FetchProgress(String source, String file, long done, long total) {}
