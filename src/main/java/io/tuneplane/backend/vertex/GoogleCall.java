package io.tuneplane.backend.vertex;

import io.tuneplane.backend.BackendException;
import java.io.IOException;

/// One call of Google's client.
///
/// @param <T> its answer
@FunctionalInterface
interface GoogleCall<T> {

  /// Makes it.
  ///
  /// @throws IOException if there are no credentials
  T run() throws IOException;

  /// Makes a call, and says what its failure means.
  static <T> T make(String operation, GoogleCall<T> call) {
    try {
      return call.run();
    } catch (BackendException e) {
      throw e;
    } catch (IOException e) {
      throw Failures.noCredentials(operation, e);
    } catch (RuntimeException e) {
      if (Failures.explains(e)) {
        throw Failures.of(operation, e);
      }
      throw e;
    }
  }
}
