package io.tuneplane;

/// Starts a command.
public final class Main {

  private Main() {}

  /// Runs the command line and exits with its code.
  ///
  /// @param args the command line
  public static void main(String[] args) {
    System.exit(2);
  }
}
