package io.tuneplane.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Speeds that were measured, by [Offer#id]. A measured speed beats an assumed one.
public record Measurements(Map<String, Speeds> byOffer) {

  /// Nothing has been measured yet.
  public static final Measurements NONE = new Measurements(Map.of());

  public Measurements {
    byOffer = Collections.unmodifiableMap(new LinkedHashMap<>(byOffer));
  }

  /// What was measured of an offer.
  public Optional<Speeds> of(Offer offer) {
    return Optional.ofNullable(byOffer.get(offer.id()));
  }

  /// Tokens a second of one run and of one replica.
  ///
  /// @param training tokens a second that training runs got through
  /// @param serving tokens a second, prompt and answer together, that a replica carried
  /// @param source what measured them, e.g. `the last 12 jobs`
  /// @param measuredOn the newest measurement's day
  public record Speeds(
      Optional<BigDecimal> training,
      Optional<BigDecimal> serving,
      String source,
      LocalDate measuredOn) {}
}
