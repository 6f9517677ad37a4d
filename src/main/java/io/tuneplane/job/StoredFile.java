package io.tuneplane.job;

import java.time.Instant;

/// A file that somebody uploaded.
///
/// @param id `file-` and 24 characters
/// @param organisation whose it is
/// @param filename as it was uploaded, for people only: never part of a path
/// @param purpose `fine-tune` for data, `fine-tune-results` for what a job left
/// @param bytes its size
/// @param sha256 of its content, in hex; also where its content lies
/// @param createdAt when it was uploaded
public record StoredFile(
    String id,
    String organisation,
    String filename,
    String purpose,
    long bytes,
    String sha256,
    Instant createdAt) {}
