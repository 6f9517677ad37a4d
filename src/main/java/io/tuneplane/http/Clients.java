package io.tuneplane.http;

/// Watches clients: those that stall, and those that leave.
///
/// @param stalls hangs up on who stalls within a body
/// @param connections hangs up on who stalls before, and tells who has left
record Clients(Stalls stalls, Connections connections) implements AutoCloseable {

  @Override
  public void close() {
    stalls.close();
    connections.close();
  }
}
