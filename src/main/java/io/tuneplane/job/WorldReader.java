package io.tuneplane.job;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.EndWarning;
import io.tuneplane.cost.ManagedModel;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.cost.Source;
import io.tuneplane.decision.KnownPlaces;
import io.tuneplane.decision.Place;
import io.tuneplane.decision.World;
import io.tuneplane.model.ModelCatalogue;
import io.tuneplane.model.ModelShape;
import io.tuneplane.policy.Destination;
import io.tuneplane.policy.Location;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads everything outside a request that a decision rests on: the places as they answer now, the
/// price book, the policy, what was measured. Safe for many threads.
public final class WorldReader {

  private final Places places;
  private final PriceBookLibrary books;
  private final Supplier<World.PolicyTexts> policy;
  private final Supplier<Measurements> measured;
  private final Hardware hardware;

  /// What models are, and what this machine holds.
  ///
  /// @param catalogue the base models that are known by name
  /// @param unfit which of some models this machine could never train, each with the reason
  public record Hardware(
      ModelCatalogue catalogue,
      Function<Map<String, ModelShape>, SortedMap<String, String>> unfit) {}

  /// Reads from these.
  public WorldReader(
      Places places,
      PriceBookLibrary books,
      Supplier<World.PolicyTexts> policy,
      Supplier<Measurements> measured,
      Hardware hardware) {
    this.places = places;
    this.books = books;
    this.policy = policy;
    this.measured = measured;
    this.hardware = hardware;
  }

  /// The world as it is now.
  ///
  /// @param today the day, for prices that the settings hold
  public World read(LocalDate today) {
    return read(today, new TreeMap<>());
  }

  /// The world as it is now, for a job that some places have refused.
  ///
  /// @param closed their names, each with its words
  World read(LocalDate today, SortedMap<String, String> closed) {
    PriceBookLibrary.Texts texts = books.texts(PriceBookLibrary.TODAY, today);
    List<Place> configured = places.training().stream().map(b -> place(b, closed)).toList();
    return new World(
        KnownPlaces.beside(configured, PriceBooks.parse(texts.base(), texts.overrides())),
        new World.BookTexts(texts.base(), texts.overrides()),
        policy.get(),
        measured.get(),
        architectures());
  }

  /// A configured place, as the policy sees it.
  Optional<Destination> destination(String backend) {
    return places.training(backend).map(b -> place(b, new TreeMap<>()).destination());
  }

  /// When a model stops in a place: as the place itself said, else as the price book knows it of
  /// the place's provider.
  public Optional<EndDate> modelEnd(String backend, String model, LocalDate today) {
    Optional<TrainingBackend> place = places.training(backend);
    return place
        .flatMap(b -> Optional.ofNullable(b.modelEnds().get(model)))
        .map(day -> said(backend, day, today))
        .or(() -> bookEnd(place.map(TrainingBackend::provider).orElse(backend), model, today));
  }

  /// What people should be told of a model's end now, from 180 days before it on.
  public Optional<EndWarning> endWarning(String backend, String model, LocalDate today) {
    return modelEnd(backend, model, today).flatMap(end -> EndWarning.of(model, end, today));
  }

  /// When the models of a place stop, as it said itself, by their names there.
  public Map<String, EndDate> modelEnds(String backend, LocalDate today) {
    Map<String, EndDate> ends = new TreeMap<>();
    places
        .training(backend)
        .ifPresent(b -> b.modelEnds().forEach((m, day) -> ends.put(m, said(backend, day, today))));
    return ends;
  }

  private static EndDate said(String backend, LocalDate day, LocalDate today) {
    return new EndDate(
        day,
        EndDate.Kind.ANNOUNCED,
        new Source(backend + " itself, in its list of models", today, Optional.empty()));
  }

  private Optional<EndDate> bookEnd(String provider, String model, LocalDate today) {
    PriceBook book = books.book(PriceBookLibrary.TODAY, today);
    return Optional.ofNullable(book.managed().get(provider))
        .flatMap(p -> Optional.ofNullable(p.models().get(book.canonical(model))))
        .flatMap(ManagedModel::end);
  }

  /// What a place's hardware looks like now, for people.
  public Optional<String> condition(String backend) {
    return places.training(backend).flatMap(TrainingBackend::condition);
  }

  /// Whether others hold the hardware of a place.
  boolean isThirdParty(String backend) {
    return places
        .training(backend)
        .filter(b -> b.capabilities().location() == Location.THIRD_PARTY)
        .isPresent();
  }

  /// Whether the price book has a model of this name.
  boolean isSold(String model, LocalDate today) {
    PriceBookLibrary.Texts texts = books.texts(PriceBookLibrary.TODAY, today);
    PriceBook book = PriceBooks.parse(texts.base(), texts.overrides());
    String name = book.canonical(model);
    return book.own().models().containsKey(name)
        || book.managed().values().stream().anyMatch(p -> p.models().containsKey(name));
  }

  private Place place(TrainingBackend backend, SortedMap<String, String> closed) {
    boolean here = backend.name().equals(Places.HERE);
    Optional<String> refused = Optional.ofNullable(closed.get(backend.name()));
    return new Place(
        backend.name(),
        backend.provider(),
        backend.region(),
        backend.capabilities(),
        refused
            .<Availability>map(words -> new Availability.Closed(words, Optional.empty()))
            .orElseGet(backend::availability),
        here ? hardware.unfit().apply(shapes()) : backend.unfit(shapes()));
  }

  private Map<String, ModelShape> shapes() {
    Map<String, ModelShape> shapes = new TreeMap<>();
    hardware.catalogue().entries().forEach(m -> shapes.put(m.id(), m.shape()));
    return shapes;
  }

  private SortedMap<String, String> architectures() {
    SortedMap<String, String> known = new TreeMap<>();
    hardware.catalogue().entries().forEach(m -> known.put(m.id(), m.architecture()));
    return known;
  }
}
