package io.tuneplane.dataset;

/// A data file can't be read as one at all: an archive, a decompression bomb, a format that can't
/// be written. The message says what to do. What is wrong with single examples is a [Finding]
/// instead.
public final class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
