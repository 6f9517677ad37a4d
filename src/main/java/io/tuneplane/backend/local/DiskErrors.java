package io.tuneplane.backend.local;

import io.tuneplane.backend.BackendException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Says what a caller can do about a failed read or write of ours.
final class DiskErrors {

  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "not enough space on the disk");

  private DiskErrors() {}

  static BackendException translate(String operation, IOException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    if (FULL.stream().anyMatch(message::contains)) {
      return new BackendException.Exhausted(
          LocalTraining.NAME,
          operation,
          "the disk of the data directory is full; free some space: " + message,
          Optional.empty());
    }
    return e instanceof UnreadableFileException
        ? new BackendException.Misunderstood(LocalTraining.NAME, operation, message, e)
        : new BackendException.Unavailable(LocalTraining.NAME, operation, message, e);
  }
}
