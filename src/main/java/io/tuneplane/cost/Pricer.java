package io.tuneplane.cost;

import java.util.Optional;

/// Turns an offer and a scenario into [Rates].
final class Pricer {

  private final Question question;
  private final Ledger ledger;

  /// @param ledger where every line that is looked at is noted
  Pricer(Question question, Ledger ledger) {
    this.question = question;
    this.ledger = ledger;
  }

  Rates rates(Offer offer, Scenario scenario) {
    Rates rates =
        switch (offer) {
          case Offer.Managed managed ->
              new ManagedPricer(question, ledger).rates(managed, scenario);
          case Offer.Own own -> new OwnPricer(question, ledger).rates(own, scenario);
        };
    if (question.training().tokens().signum() > 0) {
      return rates;
    }
    ledger.note(() -> "Nothing is trained: the model is taken as tuned already.");
    return new Rates(Optional.of(Money.ZERO), Optional.empty(), rates.serving());
  }
}
