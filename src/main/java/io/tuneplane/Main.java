package io.tuneplane;

/// Starts a command.
public final class Main {

  private Main() {}

  /// @param args the command line
  public static void main(String[] args) {
    System.exit(2);
  }
}
