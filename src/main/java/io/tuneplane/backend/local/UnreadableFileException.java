package io.tuneplane.backend.local;

import java.io.IOException;
import java.nio.file.Path;

/// A file of a run is not what this backend or its runner writes.
final class UnreadableFileException extends IOException {

  private static final long serialVersionUID = 1L;

  UnreadableFileException(Path file, Throwable cause) {
    super(file + " can't be read: " + cause.getMessage(), cause);
  }

  UnreadableFileException(Path file, String message) {
    super(file + " can't be read: " + message);
  }
}
