package io.tuneplane.backend.vertex;

import io.tuneplane.backend.Limits;
import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.ManagedModel;
import io.tuneplane.cost.ManagedProvider;
import io.tuneplane.cost.PriceBook;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What is known of Vertex AI before it is asked: models, limits and end dates, from the price
/// book. Safe for many threads.
final class VertexFacts {

  /// The provider's name in the price book.
  static final String PROVIDER = "vertex";

  private final Supplier<PriceBook> book;
  private final InstantSource clock;

  VertexFacts(Supplier<PriceBook> book, InstantSource clock) {
    this.book = book;
    this.clock = clock;
  }

  /// Every base model that the book knows, also those that have stopped: a decision says so.
  List<String> models() {
    return provider().map(p -> List.copyOf(p.models().keySet())).orElse(List.of());
  }

  /// The base models that have not stopped.
  List<String> alive() {
    return models().stream().filter(m -> stopped(m).isEmpty()).toList();
  }

  /// Google's id of a model that goes by several names.
  String id(String model) {
    return book.get().canonical(model);
  }

  boolean knows(String model) {
    return models().contains(id(model));
  }

  /// The day on which a model stopped, where it has.
  Optional<EndDate> stopped(String model) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return provider()
        .flatMap(p -> Optional.ofNullable(p.models().get(id(model))))
        .flatMap(ManagedModel::end)
        .filter(EndDate::isAnnounced)
        .filter(end -> !today.isBefore(end.date()));
  }

  Limits limits() {
    return new Limits(
        limit("min_examples"),
        limit("max_examples"),
        limit("max_validation_examples"),
        limit("max_tokens_per_example"),
        limit("max_file_bytes"));
  }

  private OptionalLong limit(String name) {
    return provider()
        .flatMap(p -> Optional.ofNullable(p.limits().get(name)))
        .flatMap(line -> line.value())
        .map(value -> OptionalLong.of(value.longValue()))
        .orElseGet(OptionalLong::empty);
  }

  private Optional<ManagedProvider> provider() {
    return Optional.ofNullable(book.get().managed().get(PROVIDER));
  }

  Instant now() {
    return clock.instant();
  }
}
