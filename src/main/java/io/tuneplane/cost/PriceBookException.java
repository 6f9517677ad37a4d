package io.tuneplane.cost;

import io.tuneplane.config.YamlException;

/// A price book can't be used. The message starts with the file and line.
public final class PriceBookException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PriceBookException(String where, String problem) {
    super(where + ": " + problem);
  }

  PriceBookException(YamlException cause) {
    super(cause.getMessage(), cause);
  }
}
