package io.tuneplane.backend.openai;

import java.io.IOException;

/// A connection was not made, because it would have left the way that the settings allow. Nothing
/// was sent.
final class AddressRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  AddressRefusedException(String message) {
    super(message);
  }
}
