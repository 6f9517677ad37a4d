package io.tuneplane.api;

import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.EndWarning;
import io.tuneplane.cost.ManagedModel;
import io.tuneplane.cost.ManagedProvider;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceLine;
import io.tuneplane.cost.Source;
import io.tuneplane.decision.Place;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
  /// @param prices US dollars for a million tokens
  public record Model(
      String id,
      Optional<LocalDate> end,
      boolean announced,
      Optional<String> warning,
      Prices prices) {}

  /// US dollars for a million tokens; empty where nobody has found the price, which is not zero.
  public record Prices(
      Optional<String> training,
      Optional<String> input,
      Optional<String> cachedInput,
      Optional<String> output) {

    static final Prices UNKNOWN =
        new Prices(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static Prices of(ManagedModel.Tariff tariff) {
      return new Prices(
          text(tariff.training()),
          text(tariff.input()),
          text(tariff.cachedInput()),
          text(tariff.output()));
    }

    /// With two decimals at least, as text: a number would lose them on its way.
    private static Optional<String> text(PriceLine line) {
      return line.value()
          .map(usd ->
              usd.setScale(Math.max(2, usd.stripTrailingZeros().scale()), RoundingMode.UNNECESSARY)
                  .toPlainString());
    }
  }

  /// What a book knows of a place's provider, and what the place itself said of its models' ends.
  ///
  /// @param said by the models' names there; it comes before the book
  static BackendFacts of(PriceBook book, Place place, Map<String, EndDate> said, LocalDate today) {
    return Optional.ofNullable(book.managed().get(place.provider()))
        .map(provider -> of(provider, book.staleAfterDays(), said, today))
        .orElseGet(() -> unknown(place, said, today));
  }

  private static BackendFacts unknown(Place place, Map<String, EndDate> said, LocalDate today) {
    return new BackendFacts(
        Optional.empty(),
        place.capabilities().models().stream()
            .filter(said::containsKey)
            .map(id -> model(id, Optional.ofNullable(said.get(id)), Prices.UNKNOWN, today))
            .toList(),
        Optional.empty(),
        false);
  }

  private static BackendFacts of(
      ManagedProvider provider, int staleAfter, Map<String, EndDate> said, LocalDate today) {
    List<Source> prices =
        provider.models().values().stream()
            .flatMap(BackendFacts::prices)
            .filter(line -> line.value().isPresent())
            .map(PriceLine::source)
            .toList();
    return new BackendFacts(
        provider.noNewJobs().filter(EndDate::isAnnounced).map(end -> end.date().minusDays(1)),
        provider.models().values().stream()
            .map(model ->
                model(
                    model.id(),
                    Optional.ofNullable(said.get(model.id())).or(model::end),
                    Prices.of(model.tariff()),
                    today))
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

  private static Model model(String id, Optional<EndDate> end, Prices prices, LocalDate today) {
    return new Model(
        id,
        end.map(EndDate::date),
        end.map(EndDate::isAnnounced).orElse(false),
        end.flatMap(day -> EndWarning.of(id, day, today)).map(EndWarning::words),
        prices);
  }
}
