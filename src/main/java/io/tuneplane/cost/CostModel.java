package io.tuneplane.cost;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Says what each offer of a price book costs. The same book and question give the same answer.
public final class CostModel {

  private final PriceBook book;

  /// @param book the prices
  public CostModel(PriceBook book) {
    this.book = book;
  }

  /// Every model in every place, in the book's order: managed ones first.
  public List<Offer> offers() {
    Stream<Offer> managed =
        book.managed().values().stream()
            .flatMap(place ->
                place.models().values().stream().map(model -> new Offer.Managed(place, model)));
    Stream<Offer> own =
        book.own().places().values().stream()
            .flatMap(place ->
                place.models().stream()
                    .map(book.own().models()::get)
                    .map(model -> new Offer.Own(place, model)));
    return Stream.concat(managed, own).toList();
  }

  /// The offers for these models, wherever they can be had. Other names of a model are understood.
  public List<Offer> offers(Collection<String> models) {
    Set<String> ids = models.stream().map(book::canonical).collect(Collectors.toSet());
    return offers().stream().filter(offer -> ids.contains(offer.model())).toList();
  }

  /// Prices offers and sets them side by side. An offer that can no longer be had is left out, with
  /// the reason. What follows a model that stops inside the horizon is chosen among these offers.
  public Comparison compare(List<Offer> offers, Question question) {
    LocalDate today = question.horizon().from();
    boolean training = question.training().tokens().signum() > 0;
    List<Offer> open = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (Offer offer : offers) {
      Lifetime.closed(offer, today, training).ifPresentOrElse(leftOut::add, () -> open.add(offer));
    }
    Map<Factor, Range> ranges = Scenario.ranges(book, question.workload());
    Scenario likely = Scenario.of(book, ranges, Range::likely);
    Successors successors = new Successors(question, likely, open);
    Map<CostOption, Plan> plans = new LinkedHashMap<>();
    for (Offer offer : open) {
      Plan plan = new Plan(offer, successors.of(offer));
      plans.put(new Estimate(book, question, likely, plan).option(), plan);
    }
    List<CostOption> options = plans.keySet().stream().sorted(CHEAPEST_FIRST).toList();
    List<Plan> known =
        options.stream()
            .filter(option -> option.bill().total().isPresent())
            .map(plans::get)
            .toList();
    boolean serving = question.workload().isPresent();
    List<Breakeven> breakevens =
        serving ? new Breakevens(question, likely).between(open) : List.of();
    return new Comparison(
        options,
        breakevens,
        new Simulation(book, question, ranges).outlooks(known),
        serving ? new Curves(question, likely).of(open, breakevens) : List.of(),
        leftOut);
  }

  /// Prices offers as [#compare] does, cheapest first, and leaves out what only people read:
  /// breakevens and outlooks. Fit to be called a hundred times for one answer.
  public List<CostOption> price(List<Offer> offers, Question question) {
    LocalDate today = question.horizon().from();
    boolean training = question.training().tokens().signum() > 0;
    List<Offer> open =
        offers.stream().filter(offer -> Lifetime.closed(offer, today, training).isEmpty()).toList();
    Scenario likely = Scenario.of(book, Scenario.ranges(book, question.workload()), Range::likely);
    Successors successors = new Successors(question, likely, open);
    return open.stream()
        .map(offer -> new Plan(offer, successors.of(offer)))
        .map(plan -> new Estimate(book, question, likely, plan).option())
        .sorted(CHEAPEST_FIRST)
        .toList();
  }

  private static final Comparator<CostOption> CHEAPEST_FIRST =
      Comparator.comparing(
              (CostOption option) -> option.bill().total(),
              Comparator.comparing((Optional<Money> total) -> total.isEmpty())
                  .thenComparing(total -> total.orElse(Money.ZERO)))
          .thenComparing(option -> option.offer().id());
}
