package io.tuneplane.backend.local;

import io.tuneplane.backend.BackendException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Says what a caller can do about a failed read or write of ours.
final class DiskErrors {

  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "not enough space on the disk");

  private DiskErrors() {}

  static BackendException translate(String operation, IOException e) {
    if (isFull(e)) {
      return new BackendException.Exhausted(
          LocalTraining.NAME,
          operation,
          "the disk of the data directory is full; free some space: " + e.getMessage(),
          Optional.empty());
    }
    return e instanceof UnreadableFileException
        ? new BackendException.Misunderstood(LocalTraining.NAME, operation, e.getMessage(), e)
        : new BackendException.Unavailable(LocalTraining.NAME, operation, e.getMessage(), e);
  }

  private static boolean isFull(IOException e) {
    String message = String.valueOf(e.getMessage());
    return FULL.stream().anyMatch(message::contains);
  }
}
