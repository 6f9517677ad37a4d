package io.tuneplane.decision;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.ManagedProvider;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.policy.Location;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Places that a decision plans over although no backend for them is configured, so that nobody has
/// to ask why a place is missing. What they can do is data: models and limits come from the price
/// book, with their sources.
public final class KnownPlaces {

  private static final String NOT_YET =
      "this version of Tuneplane has no backend for %s yet: plan with it, don't wait for it";

  private KnownPlaces() {}

  /// The configured places, and beside them each known one that isn't configured.
  ///
  /// @param configured places whose backends answered for themselves
  /// @param book where models and limits of the others come from
  public static List<Place> beside(List<Place> configured, PriceBook book) {
    Set<String> there = configured.stream().map(Place::backend).collect(Collectors.toSet());
    List<Place> all = new ArrayList<>(configured);
    for (ManagedProvider provider : book.managed().values()) {
      if (there.add(provider.backend())) {
        all.add(managed(provider));
      }
    }
    if (there.add("kubernetes")) {
      all.add(kubernetes());
    }
    return all;
  }

  /// A provider of the price book. Supervised and preference tuning: OpenAI's method types
  /// `supervised` and `dpo` (OpenAPI description of 2026-08-21), Vertex's supervised and preference
  /// tuning (Google, gemini-preference-tuning). Neither gives the weights away.
  private static Place managed(ManagedProvider provider) {
    boolean openAi = provider.backend().equals("openai");
    Capabilities capabilities =
        new Capabilities(
            Location.THIRD_PARTY,
            EnumSet.of(Method.SUPERVISED, Method.DPO),
            List.copyOf(provider.models().keySet()),
            Set.of(),
            limits(provider),
            false,
            true,
            openAi,
            true);
    return new Place(
        provider.backend(),
        provider.id(),
        Optional.empty(),
        capabilities,
        new Availability.NeedsSetup(NOT_YET.formatted(provider.id())),
        new TreeMap<>());
  }

  private static Limits limits(ManagedProvider provider) {
    return new Limits(
        limit(provider, "min_examples"),
        limit(provider, "max_examples"),
        limit(provider, "max_validation_examples"),
        limit(provider, "max_tokens_per_example"),
        limit(provider, "max_file_bytes"));
  }

  private static OptionalLong limit(ManagedProvider provider, String name) {
    return Optional.ofNullable(provider.limits().get(name))
        .flatMap(line -> line.value())
        .map(BigDecimal::longValue)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /// A cluster trains and serves any open-weight model. It counts as rented until its operator says
  /// otherwise.
  private static Place kubernetes() {
    Capabilities capabilities =
        new Capabilities(
            Location.RENTED,
            EnumSet.of(Method.SUPERVISED, Method.DPO),
            List.of(),
            Set.of(),
            Limits.NONE,
            true,
            true,
            true,
            true);
    return new Place(
        "kubernetes",
        Place.SELF,
        Optional.empty(),
        capabilities,
        new Availability.NeedsSetup(NOT_YET.formatted("Kubernetes")),
        new TreeMap<>());
  }
}
