package io.tuneplane.decision;

import io.tuneplane.cost.CostModel;
import io.tuneplane.cost.ModelClass;
import io.tuneplane.cost.Offer;
import io.tuneplane.cost.OpenModel;
import io.tuneplane.cost.OwnPlace;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceLine;
import io.tuneplane.cost.Source;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds every model in every place that the wish allows: what the price book offers, and what a
/// place could do that the book has no price for.
final class Candidates {

  private static final Source UNPRICED =
      new Source("not in the price book", LocalDate.EPOCH, Optional.empty());

  private final PriceBook book;
  private final List<Place> places;

  Candidates(PriceBook book, List<Place> places) {
    this.book = book;
    this.places = places;
  }

  /// The candidates, and beside them the rest of the wish's class, which can only come after a
  /// model that stops.
  ///
  /// @throws DecisionException if the wish names a class that the price book doesn't have
  List<Candidate> of(Wish wish) {
    SortedSet<String> wanted = wanted(wish);
    SortedSet<String> all = new TreeSet<>(wanted);
    wish.model().flatMap(book::classOf).ifPresent(c -> all.addAll(c.members()));
    return places.stream()
        .flatMap(place ->
            all.stream()
                .flatMap(model ->
                    offers(place, model).stream()
                        .map(offer -> new Candidate(offer, place, wanted.contains(model)))))
        .toList();
  }

  private SortedSet<String> wanted(Wish wish) {
    if (wish.model().isEmpty()) {
      return new TreeSet<>(members(wish.modelClass()));
    }
    String model = book.canonical(wish.model().get());
    SortedSet<String> wanted = new TreeSet<>(List.of(model));
    if (wish.substitutes()) {
      book.classOf(model).ifPresent(c -> wanted.addAll(c.members()));
    }
    return wanted;
  }

  private List<String> members(Optional<String> named) {
    List<ModelClass> classes = book.reference().classes();
    if (named.isEmpty() && classes.isEmpty()) {
      return Stream.concat(
              book.managed().values().stream().flatMap(p -> p.models().keySet().stream()),
              book.own().models().keySet().stream())
          .toList();
    }
    String name = named.orElse(Wish.DEFAULT_CLASS);
    return book.modelClass(name)
        .map(ModelClass::members)
        .orElseThrow(() ->
            new DecisionException(
                "no model class \"%s\"; the price book has %s"
                    .formatted(
                        name,
                        classes.stream().map(ModelClass::name).collect(Collectors.joining(", ")))));
  }

  private List<Offer> offers(Place place, String model) {
    List<Offer> priced =
        new CostModel(book)
            .offers(List.of(model)).stream()
                .filter(offer -> isOf(offer, place))
                .filter(this::isShown)
                .filter(offer -> takes(place, model))
                .toList();
    return priced.isEmpty() && takes(place, model) ? unpriced(place, model) : priced;
  }

  /// A host that speaks a provider's API is not that provider: its prices are its own.
  private static boolean isOf(Offer offer, Place place) {
    return offer.backend().equals(place.backend())
        && switch (offer) {
          case Offer.Managed managed -> managed.place().id().equals(place.provider());
          case Offer.Own _ -> true;
        };
  }

  /// Places of our own that nobody asked to compare stay out, or one GPU would be twenty answers.
  private boolean isShown(Offer offer) {
    return switch (offer) {
      case Offer.Managed _ -> true;
      case Offer.Own own -> book.own().shown().contains(own.place().id());
    };
  }

  private boolean takes(Place place, String model) {
    List<String> models = place.capabilities().models();
    return models.isEmpty()
        ? !isManaged(model)
        : models.stream().map(book::canonical).anyMatch(model::equals);
  }

  private boolean isManaged(String model) {
    return book.managed().values().stream().anyMatch(p -> p.models().containsKey(model));
  }

  private List<Offer> unpriced(Place place, String model) {
    OpenModel open =
        Optional.ofNullable(book.own().models().get(model))
            .orElseGet(() -> new OpenModel(model, model, List.of(), unknown(model, "parameters")));
    List<Offer> offers = new ArrayList<>();
    for (OwnPlace own : book.own().places().values()) {
      if (own.backend().equals(place.backend()) && book.own().shown().contains(own.id())) {
        offers.add(new Offer.Own(own, open));
      }
    }
    return offers.isEmpty() ? List.of(new Offer.Own(unknownPlace(place), open)) : offers;
  }

  private static OwnPlace unknownPlace(Place place) {
    return new OwnPlace(
        place.backend(),
        place.backend(),
        place.backend(),
        Optional.empty(),
        new OwnPlace.Rate(
            unknown(place.backend(), "hourly_usd"),
            Optional.empty(),
            new OwnPlace.Capacity.Derived()),
        List.of());
  }

  private static PriceLine unknown(String name, String key) {
    return new PriceLine(name + "." + key, Optional.empty(), Optional.empty(), UNPRICED);
  }
}
