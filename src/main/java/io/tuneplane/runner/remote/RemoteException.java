package io.tuneplane.runner.remote;

/// The control plane did not do what was asked.
abstract sealed class RemoteException extends Exception {

  private static final long serialVersionUID = 1L;

  private RemoteException(String message, Throwable cause) {
    super(message, cause);
  }

  private RemoteException(String message) {
    super(message);
  }

  /// It can't be reached, or is in trouble: try again.
  static final class Silent extends RemoteException {

    private static final long serialVersionUID = 1L;

    Silent(String message) {
      super(message);
    }

    Silent(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The run is no longer ours: another runner has it, or the token is not good any more.
  static final class Over extends RemoteException {

    private static final long serialVersionUID = 1L;

    Over(String message) {
      super(message);
    }
  }

  /// It refuses what was sent.
  static final class Refused extends RemoteException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final long number;

    /// @param number what it wants in place of what was sent; -1 if it does not say
    Refused(String message, String code, long number) {
      super(message);
      this.code = code;
      this.number = number;
    }

    String code() {
      return code;
    }

    long number() {
      return number;
    }
  }
}
