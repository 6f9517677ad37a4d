package io.tuneplane.backend.kubernetes;

import java.io.IOException;
import java.nio.file.Path;

/// A file of ours is not what we wrote.
final class UnreadableFileException extends IOException {

  private static final long serialVersionUID = 1L;

  UnreadableFileException(Path file, Exception cause) {
    super(file + " can't be read: " + cause.getMessage(), cause);
  }
}
