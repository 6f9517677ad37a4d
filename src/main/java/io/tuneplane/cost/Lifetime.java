package io.tuneplane.cost;

import java.time.LocalDate;
import java.util.Optional;

/// How long an offer can be used, as far as it is known.
final class Lifetime {

  private Lifetime() {}

  /// The announced end of the offer's model.
  static Optional<EndDate> announced(Offer offer) {
    return end(offer).filter(EndDate::isAnnounced);
  }

  /// The end of the offer's model, announced or merely possible. Open weights don't end.
  static Optional<EndDate> end(Offer offer) {
    return switch (offer) {
      case Offer.Managed managed -> managed.tuned().end();
      case Offer.Own _ -> Optional.empty();
    };
  }

  /// Whether the model is announced to stop before a day.
  static boolean endsBefore(Offer offer, LocalDate day) {
    return announced(offer).filter(end -> end.date().isBefore(day)).isPresent();
  }

  /// Why the offer can't be had on a day, if it can't.
  ///
  /// @param training whether something is to be tuned
  static Optional<String> closed(Offer offer, LocalDate today, boolean training) {
    Optional<String> stopped =
        announced(offer)
            .filter(end -> !end.date().isAfter(today))
            .map(end -> "%s: the model stopped on %s".formatted(name(offer), end.date()));
    if (stopped.isPresent() || !training || !(offer instanceof Offer.Managed managed)) {
      return stopped;
    }
    return managed
        .place()
        .noNewJobs()
        .filter(end -> end.isAnnounced() && !end.date().isAfter(today))
        .map(end -> "%s: no new tuning job since %s".formatted(name(offer), end.date()));
  }

  private static String name(Offer offer) {
    return offer.provider() + ", " + offer.model();
  }
}
