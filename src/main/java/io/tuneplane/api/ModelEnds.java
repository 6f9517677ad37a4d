package io.tuneplane.api;

import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.PriceBook;
import java.time.LocalDate;
import java.util.Optional;

/// When providers stop models.
@FunctionalInterface
public interface ModelEnds {

  /// The day from which a model no longer answers.
  ///
  /// @param backend where it answers
  /// @param model a base model, whose tuned ones stop with it
  /// @return empty if no such day was announced
  Optional<LocalDate> of(String backend, String model);

  /// Those that a price book knows of.
  static ModelEnds of(PriceBook book) {
    return (backend, model) ->
        book.managed().values().stream()
            .filter(provider -> provider.backend().equals(backend))
            .flatMap(provider -> provider.models().values().stream())
            .filter(known -> known.id().equals(model) || known.also().contains(model))
            .flatMap(known -> known.end().stream())
            .filter(EndDate::isAnnounced)
            .map(EndDate::date)
            .findFirst();
  }
}
