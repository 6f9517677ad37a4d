package io.tuneplane.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/// Tells a full disk from other errors: Java has no type for it, only the system's words.
final class DiskErrors {

  private DiskErrors() {}

  /// The error as a [FileSystemException] if the disk or the quota is used up, else as it was.
  static IOException named(Path file, IOException error) {
    if (isFull(error) && !(error instanceof FileSystemException)) {
      FileSystemException named =
          new FileSystemException(file.toString(), null, String.valueOf(error.getMessage()));
      named.initCause(error);
      return named;
    }
    return error;
  }

  static boolean isFull(IOException error) {
    String words = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    return words.contains("no space left")
        || words.contains("disk quota exceeded")
        || words.contains("not enough space");
  }
}
