package io.tuneplane.decision;

import io.tuneplane.cost.CostModel;
import io.tuneplane.cost.CostOption;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.Money;
import io.tuneplane.cost.Offer;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.Question;
import io.tuneplane.cost.TrainingVolume;
import io.tuneplane.policy.PolicyEngine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Answers one question: strikes out, prices, ranks. Cheap enough to be asked many times for one
/// decision, with a changed question or a changed book.
final class Solver {

  private final World world;
  private final PriceBook book;
  private final PolicyEngine policy;

  Solver(World world, PriceBook book, PolicyEngine policy) {
    this.world = world;
    this.book = book;
    this.policy = policy;
  }

  PriceBook book() {
    return book;
  }

  PolicyEngine policy() {
    return policy;
  }

  /// The same with other prices.
  Solver with(PriceBook other) {
    return new Solver(world, other, policy);
  }

  /// A candidate that nothing forbids, and what it costs.
  record Scored(Candidate candidate, CostOption option, List<String> evidence) {

    Optional<Money> total() {
      return option.bill().total();
    }
  }

  /// A candidate that something forbids.
  record Struck(Candidate candidate, List<Objection> objections) {}

  /// What came out: best first, and the struck in the order of their offers.
  record Outcome(List<Scored> ranked, List<Struck> struck) {

    Stream<Candidate> candidates() {
      return Stream.concat(
          ranked.stream().map(Scored::candidate), struck.stream().map(Struck::candidate));
    }

    Optional<Scored> best() {
      return ranked.stream().findFirst();
    }
  }

  Outcome solve(DecisionRequest request, Instant now) {
    Constraints constraints = new Constraints(request, policy, world.architectures(), now);
    Map<String, Candidate> open = new LinkedHashMap<>();
    List<Struck> struck = new ArrayList<>();
    for (Candidate candidate : new Candidates(book, world.places()).of(request.wish())) {
      List<Objection> objections = constraints.against(candidate);
      if (objections.isEmpty()) {
        open.put(candidate.offer().id(), candidate);
      } else if (candidate.wanted()) {
        struck.add(new Struck(candidate, objections));
      }
    }
    List<Scored> ranked = new ArrayList<>();
    List<Offer> offers = open.values().stream().map(Candidate::offer).toList();
    for (CostOption option : price(offers, request, now)) {
      Candidate candidate = Objects.requireNonNull(open.get(option.offer().id()));
      List<Objection> late = new Affordable(request, policy, now).against(candidate, option);
      if (!late.isEmpty() && candidate.wanted()) {
        struck.add(new Struck(candidate, late));
      } else if (candidate.wanted()) {
        ranked.add(new Scored(candidate, option, constraints.leave(candidate).evidence()));
      }
    }
    ranked.sort(BEST_FIRST);
    struck.sort(Comparator.comparing((Struck s) -> s.candidate().offer().id()));
    return new Outcome(List.copyOf(ranked), List.copyOf(struck));
  }

  private List<CostOption> price(List<Offer> offers, DecisionRequest request, Instant now) {
    DataSummary data = request.data();
    Forecast forecast = request.forecast();
    Question question =
        new Question(
            new TrainingVolume(data.examples(), data.tokensPerExample(), forecast.epochs()),
            forecast.workload(),
            new Horizon(LocalDate.ofInstant(now, ZoneOffset.UTC), forecast.horizonMonths()),
            forecast.own(),
            world.measured(),
            Question.DEFAULT_SEED);
    return new CostModel(book).price(offers, question);
  }

  private static final Comparator<Scored> BEST_FIRST =
      Comparator.comparing(Scored::total, unknownLast(Comparator.<Money>naturalOrder()))
          .thenComparing(
              scored -> scored.option().bill().hours(),
              unknownLast(Comparator.<BigDecimal>naturalOrder()))
          .thenComparing(scored -> scored.candidate().offer().id());

  private static <T> Comparator<Optional<T>> unknownLast(Comparator<T> known) {
    return (a, b) ->
        a.isPresent() && b.isPresent()
            ? known.compare(a.get(), b.get())
            : Boolean.compare(a.isEmpty(), b.isEmpty());
  }
}
