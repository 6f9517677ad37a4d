package io.tuneplane.client;

/// Finds the server to talk to. Asked again when it stops answering, since a server that was
/// started again answers elsewhere. Safe for many threads.
@FunctionalInterface
public interface Location {

  /// Where the server is now; one is started where that is what was asked for.
  ///
  /// @throws ServerException if there is none
  Server find();
}
