package io.tuneplane.api;

import io.tuneplane.job.StoredFile;
import java.time.Instant;

/// A file, in the shape of OpenAI's `file`, and its digest beside it.
///
/// @param createdAt Unix seconds
/// @param status always `processed`: what is wrong with the data, the job says
/// @param sha256 of the content, in hex
public record FileObject(
    String id,
    String object,
    long bytes,
    long createdAt,
    String filename,
    String purpose,
    String status,
    String sha256) {

  /// The file as callers see it.
  public static FileObject of(StoredFile file) {
    return new FileObject(
        file.id(),
        "file",
        file.bytes(),
        file.createdAt().getEpochSecond(),
        file.filename(),
        file.purpose(),
        "processed",
        file.sha256());
  }

  /// The file again, as far as callers see it.
  public StoredFile stored(String organisation) {
    return new StoredFile(
        id, organisation, filename, purpose, bytes, sha256, Instant.ofEpochSecond(createdAt));
  }
}
