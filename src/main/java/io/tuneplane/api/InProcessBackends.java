package io.tuneplane.api;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.decision.Place;
import io.tuneplane.decision.World;
import io.tuneplane.job.PriceBookLibrary;
import io.tuneplane.job.WorldReader;
import io.tuneplane.policy.PolicyEngine;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Tells of the places as this process sees them. Safe for many threads.
public final class InProcessBackends implements BackendsApi {

  private static final List<String> BOOKS = List.of(PriceBookLibrary.TODAY, "section-13.4");

  private final WorldReader world;
  private final Supplier<PolicyEngine> policy;
  private final PriceBookLibrary books;
  private final InstantSource clock;

  /// @param policy may say otherwise of a place's location than the place does
  public InProcessBackends(
      WorldReader world,
      Supplier<PolicyEngine> policy,
      PriceBookLibrary books,
      InstantSource clock) {
    this.world = world;
    this.policy = policy;
    this.books = books;
    this.clock = clock;
  }

  @Override
  public List<BackendCard> list() {
    PolicyEngine engine = policy.get();
    LocalDate today = today();
    World now = world.read(today);
    PriceBook book = PriceBooks.parse(now.book().base(), now.book().overrides());
    return now.places().stream()
        .map(place ->
            card(
                place,
                engine,
                BackendFacts.of(book, place, world.modelEnds(place.backend(), today), today),
                world.condition(place.backend())))
        .toList();
  }

  @Override
  public ProviderTable compare(String book) {
    if (!BOOKS.contains(book)) {
      throw new RequestException(
          List.of(
              new Problem(
                  "book",
                  "no book \"%s\"; there are %s".formatted(book, String.join(", ", BOOKS)))));
    }
    return ProviderTable.of(books.book(book, today()), today());
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static BackendCard card(
      Place place, PolicyEngine engine, BackendFacts facts, Optional<String> condition) {
    Capabilities capabilities = place.capabilities();
    State state = State.of(place.availability());
    return new BackendCard(
        place.backend(),
        place.provider(),
        engine.location(place.destination()).wireName(),
        place.region(),
        state.name(),
        state.detail().or(() -> condition),
        capabilities.methods().stream().sorted().map(Method::wireName).toList(),
        capabilities.models(),
        capabilities.architectures().stream().sorted().toList(),
        limits(capabilities.limits()),
        capabilities.weightsAvailable(),
        facts);
  }

  private record State(String name, Optional<String> detail) {

    static State of(Availability availability) {
      return switch (availability) {
        case Availability.Ready _ -> new State("ready", Optional.empty());
        case Availability.NeedsSetup(String step) -> new State("needs_setup", Optional.of(step));
        case Availability.Unverified(String why) -> new State("unverified", Optional.of(why));
        case Availability.Closed(String words, Optional<LocalDate> since) ->
            new State("closed", Optional.of(words + since.map(day -> ", since " + day).orElse("")));
      };
    }
  }

  private static Map<String, Long> limits(Limits limits) {
    Map<String, Long> known = new TreeMap<>();
    put(known, "min_examples", limits.minExamples());
    put(known, "max_examples", limits.maxExamples());
    put(known, "max_validation_examples", limits.maxValidationExamples());
    put(known, "max_tokens_per_example", limits.maxTokensPerExample());
    put(known, "max_file_bytes", limits.maxFileBytes());
    return known;
  }

  private static void put(Map<String, Long> known, String name, OptionalLong limit) {
    limit.ifPresent(value -> known.put(name, value));
  }
}
