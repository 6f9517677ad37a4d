package io.tuneplane.cost;

import io.tuneplane.cost.Curve.Point;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Draws serving cost over volume, from well below the workload to well above the breakevens.
final class Curves {

  private static final int POINTS = 61;
  private static final double AROUND_WORKLOAD = 30;
  private static final double BEYOND_BREAKEVEN = 4;
  private static final double MOST = 1e10;

  private final Question question;
  private final Scenario likely;

  /// @param question one with a workload
  Curves(Question question, Scenario likely) {
    this.question = question;
    this.likely = likely;
  }

  /// A curve for each offer whose serving cost is known.
  List<Curve> of(List<Offer> offers, List<Breakeven> breakevens) {
    List<Long> volumes = volumes(breakevens);
    Pricer pricer = new Pricer(question, Ledger.closed(question.horizon().from()));
    List<Curve> curves = new ArrayList<>();
    for (Offer offer : offers) {
      Optional<MonthlyCost> monthly = pricer.rates(offer, likely).serving();
      monthly.ifPresent(cost ->
          curves.add(
              new Curve(
                  offer,
                  volumes.stream()
                      .map(v -> new Point(v, cost.at(BigDecimal.valueOf(v))))
                      .toList())));
    }
    return curves;
  }

  private List<Long> volumes(List<Breakeven> breakevens) {
    double requests = Math.max(1, likely.get(Factor.MONTHLY_REQUESTS).doubleValue());
    double low = Math.max(1, requests / AROUND_WORKLOAD);
    double high =
        firsts(breakevens)
            .mapToDouble(b -> BEYOND_BREAKEVEN * b.requestsPerMonth())
            .filter(volume -> volume <= MOST)
            .reduce(requests * AROUND_WORKLOAD, Math::max);
    double ratio = Math.pow(high / low, 1.0 / (POINTS - 1));
    return IntStream.range(0, POINTS)
        .mapToObj(i -> Math.round(low * Math.pow(ratio, i)))
        .distinct()
        .toList();
  }

  /// The first change of each pair on the way to own hardware.
  private static Stream<Breakeven> firsts(List<Breakeven> breakevens) {
    return breakevens.stream()
        .filter(b -> b.to() instanceof Offer.Own)
        .collect(
            Collectors.toMap(b -> List.of(b.from().id(), b.to().id()), b -> b, (first, _) -> first))
        .values()
        .stream();
  }
}
