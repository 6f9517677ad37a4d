package io.tuneplane.api;

import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.EndWarning;
import io.tuneplane.cost.ManagedModel;
import io.tuneplane.cost.ManagedProvider;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceLine;
import io.tuneplane.cost.Source;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the price book knows of a place's provider.
///
/// @param takesJobsUntil the last day on which it takes a new job, where that was announced
/// @param models its models, those that stop first first
/// @param pricesReadOn the day on which the oldest of its prices was read
/// @param pricesStale whether a price is older than the book allows
public record BackendFacts(
    Optional<LocalDate> takesJobsUntil,
    List<Model> models,
    Optional<LocalDate> pricesReadOn,
    boolean pricesStale) {

  /// Of hardware that is the operator's own, the book knows nothing of this kind.
  public static final BackendFacts NONE =
      new BackendFacts(Optional.empty(), List.of(), Optional.empty(), false);

  public BackendFacts {
    models = List.copyOf(models);
  }

  /// A model.
  ///
  /// @param id its id
  /// @param end when it stops
  /// @param announced whether that day was announced, or is only the earliest
  /// @param warning what people should be told of it now
  public record Model(
      String id, Optional<LocalDate> end, boolean announced, Optional<String> warning) {}

  /// What a book knows of a provider.
  static BackendFacts of(PriceBook book, String backend, LocalDate today) {
    return book.managed().values().stream()
        .filter(provider -> provider.backend().equals(backend))
        .findFirst()
        .map(provider -> of(provider, book.staleAfterDays(), today))
        .orElse(NONE);
  }

  private static BackendFacts of(ManagedProvider provider, int staleAfter, LocalDate today) {
    List<Source> prices =
        provider.models().values().stream()
            .flatMap(BackendFacts::prices)
            .filter(line -> line.value().isPresent())
            .map(PriceLine::source)
            .toList();
    return new BackendFacts(
        provider.noNewJobs().filter(EndDate::isAnnounced).map(end -> end.date().minusDays(1)),
        provider.models().values().stream()
            .map(model -> model(model, today))
            .sorted(
                Comparator.comparing((Model m) -> m.end().orElse(LocalDate.MAX))
                    .thenComparing(Model::id))
            .toList(),
        prices.stream().map(Source::readOn).min(Comparator.naturalOrder()),
        prices.stream().anyMatch(source -> source.isStale(today, staleAfter)));
  }

  private static Stream<PriceLine> prices(ManagedModel model) {
    ManagedModel.Tariff tariff = model.tariff();
    return Stream.of(tariff.training(), tariff.input(), tariff.cachedInput(), tariff.output());
  }

  private static Model model(ManagedModel model, LocalDate today) {
    return new Model(
        model.id(),
        model.end().map(EndDate::date),
        model.end().map(EndDate::isAnnounced).orElse(false),
        model.end().flatMap(end -> EndWarning.of(model.id(), end, today)).map(EndWarning::words));
  }
}
