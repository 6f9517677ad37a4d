package io.tuneplane.job;

import java.math.BigDecimal;

/// A reservation would take the organisation's spending over its limit. Nothing was written.
public final class BudgetExceededException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param wanted what was to be reserved, in US dollars
  /// @param used what is reserved and spent already
  /// @param limit the most that may be
  public BudgetExceededException(BigDecimal wanted, BigDecimal used, BigDecimal limit) {
    super(
        "the organisation's budget of $%s holds $%s already; $%s more does not fit"
            .formatted(limit.toPlainString(), used.toPlainString(), wanted.toPlainString()));
  }
}
