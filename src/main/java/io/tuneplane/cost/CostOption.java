package io.tuneplane.cost;

import java.util.List;
import java.util.Optional;

/// What one offer costs, and on what that rests.
///
/// @param offer place and model
/// @param bill the amounts
/// @param prices every line of the price book that the amounts rest on
/// @param endOfLife the model's announced end, if it falls inside the horizon
/// @param notes what was assumed, measured or left out, as sentences
/// @param unknown what would have to be known for the missing amounts, as sentences
public record CostOption(
    Offer offer,
    Bill bill,
    List<PriceUse> prices,
    Optional<EndOfLife> endOfLife,
    List<String> notes,
    List<String> unknown) {

  public CostOption {
    prices = List.copyOf(prices);
    notes = List.copyOf(notes);
    unknown = List.copyOf(unknown);
  }

  /// How people know the place.
  public String provider() {
    return offer.provider();
  }

  /// The backend that would do it.
  public String backend() {
    return offer.backend();
  }

  /// The base model's id.
  public String model() {
    return offer.model();
  }
}
