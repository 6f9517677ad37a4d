package io.tuneplane.policy;

/// Data may not go there: no clearance was made, and no byte may move. The refusal is in the audit
/// log.
public final class PolicyRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Verdict.Refused verdict;

  PolicyRefusedException(Destination destination, Verdict.Refused verdict) {
    super(destination.name() + ": " + verdict.reason() + " (rule " + verdict.rule() + ")");
    this.verdict = verdict;
  }

  /// Which rule refused, and why.
  public Verdict.Refused verdict() {
    return verdict;
  }
}
