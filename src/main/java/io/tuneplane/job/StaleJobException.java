package io.tuneplane.job;

/// Somebody else has kept another state of the job since it was read: read it again, and decide
/// again. Nothing was written.
public final class StaleJobException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StaleJobException(String id, long version) {
    super("the job " + id + " has changed since its version " + version);
  }
}
