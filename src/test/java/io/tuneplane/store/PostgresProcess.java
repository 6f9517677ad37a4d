package io.tuneplane.store;

import java.io.IOException;

/// A [PostgresServer] for other processes: prints the address of an empty database, and ends with
/// its standard input.
final class PostgresProcess {

  private PostgresProcess() {}

  public static void main(String[] args) throws IOException {
    try (PostgresServer server = PostgresServer.start()) {
      String address = server.empty().jdbc().substring("jdbc:postgresql://".length());
      System.out.println("postgresql://postgres:postgres@" + address);
      while (System.in.read() >= 0) {
        // Whoever started us says nothing; only the end means something.
      }
    }
  }
}
