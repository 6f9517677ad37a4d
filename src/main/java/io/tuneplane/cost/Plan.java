package io.tuneplane.cost;

import java.time.LocalDate;
import java.util.Optional;

/// An offer, and the one that follows it when its model stops.
///
/// @param offer what is used first
/// @param successor what is used from its end on, if it ends inside the horizon
record Plan(Offer offer, Optional<Offer> successor) {

  /// The day from which the successor is used, if the offer's model stops before a day.
  Optional<LocalDate> endBefore(LocalDate day) {
    return Lifetime.announced(offer).map(EndDate::date).filter(date -> date.isBefore(day));
  }
}
