package io.tuneplane.http;

import java.io.IOException;

/// Answers the requests of one route.
@FunctionalInterface
interface Handler {

  /// Answers one request.
  ///
  /// @throws Refusal if the request is wrong
  /// @throws IOException if a file can't be read or written, or the client left
  Answer answer(Call call) throws IOException;
}
