package io.tuneplane.job;

import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.decision.KnownPlaces;
import io.tuneplane.decision.Place;
import io.tuneplane.decision.World;
import io.tuneplane.model.CatalogueEntry;
import io.tuneplane.model.MemoryEstimate;
import io.tuneplane.model.MemoryEstimate.Precision;
import io.tuneplane.model.ModelCatalogue;
import io.tuneplane.policy.Destination;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Reads everything outside a request that a decision rests on: the places as they answer now, the
/// price book, the policy, what was measured. Safe for many threads.
public final class WorldReader {

  // The least that a job can be: one short example at a time.
  private static final int LEAST_TOKENS = 256;
  private static final int LEAST_RANK = 8;

  private final Places places;
  private final PriceBookLibrary books;
  private final Supplier<World.PolicyTexts> policy;
  private final Supplier<Measurements> measured;
  private final Hardware hardware;

  /// What models are, and what this machine holds.
  ///
  /// @param catalogue the base models that are known by name
  /// @param memoryBytes how much memory this machine has for a job
  public record Hardware(ModelCatalogue catalogue, long memoryBytes) {}

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
    PriceBookLibrary.Texts texts = books.texts(PriceBookLibrary.TODAY, today);
    List<Place> configured = places.training().stream().map(this::place).toList();
    return new World(
        KnownPlaces.beside(configured, PriceBooks.parse(texts.base(), texts.overrides())),
        new World.BookTexts(texts.base(), texts.overrides()),
        policy.get(),
        measured.get(),
        architectures());
  }

  /// A configured place, as the policy sees it.
  Optional<Destination> destination(String backend) {
    return places.training(backend).map(b -> place(b).destination());
  }

  private Place place(TrainingBackend backend) {
    boolean here = backend.name().equals(LOCAL);
    return new Place(
        backend.name(),
        Place.SELF,
        Optional.empty(),
        backend.capabilities(),
        backend.availability(),
        here ? tooLarge() : new TreeMap<>());
  }

  private static final String LOCAL = "local";

  private SortedMap<String, String> tooLarge() {
    SortedMap<String, String> unfit = new TreeMap<>();
    for (CatalogueEntry model : hardware.catalogue().entries()) {
      long needed =
          MemoryEstimate.toTrainLora(model.shape(), Precision.FP32, 1, LEAST_TOKENS, LEAST_RANK)
              .bytes();
      if (needed > hardware.memoryBytes()) {
        unfit.put(
            model.id(),
            "needs at least %.1f GB of memory to train here, this machine has %.1f GB"
                .formatted(needed / 1e9, hardware.memoryBytes() / 1e9));
      }
    }
    return unfit;
  }

  private SortedMap<String, String> architectures() {
    SortedMap<String, String> known = new TreeMap<>();
    hardware.catalogue().entries().forEach(m -> known.put(m.id(), m.architecture()));
    return known;
  }
}
