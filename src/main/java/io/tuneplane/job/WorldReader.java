package io.tuneplane.job;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBooks;
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
        provider(backend),
        backend.region(),
        backend.capabilities(),
        refused
            .<Availability>map(words -> new Availability.Closed(words, Optional.empty()))
            .orElseGet(backend::availability),
        here ? tooLarge() : new TreeMap<>());
  }

  /// A third party's place has the provider's name in the price book.
  private static String provider(TrainingBackend backend) {
    return backend.capabilities().location() == Location.THIRD_PARTY ? backend.name() : Place.SELF;
  }

  private SortedMap<String, String> tooLarge() {
    Map<String, ModelShape> shapes = new TreeMap<>();
    hardware.catalogue().entries().forEach(m -> shapes.put(m.id(), m.shape()));
    return hardware.unfit().apply(shapes);
  }

  private SortedMap<String, String> architectures() {
    SortedMap<String, String> known = new TreeMap<>();
    hardware.catalogue().entries().forEach(m -> known.put(m.id(), m.architecture()));
    return known;
  }
}
