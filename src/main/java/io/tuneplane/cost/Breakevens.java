package io.tuneplane.cost;

import io.tuneplane.cost.Crossings.Crossing;
import io.tuneplane.cost.MonthlyCost.PerRequest;
import io.tuneplane.cost.MonthlyCost.Stepped;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Finds the breakevens of every pair of a managed and an own offer.
final class Breakevens {

  /// How far ahead a growing workload is followed.
  private static final int MOST_MONTHS = 120;

  private final Question question;
  private final Scenario likely;
  private final Traffic traffic;

  /// @param question one with a workload
  Breakevens(Question question, Scenario likely) {
    this.question = question;
    this.likely = likely;
    this.traffic = new Traffic(question.horizon().from(), likely);
  }

  List<Breakeven> between(List<Offer> offers) {
    Map<Offer, Rates> rates = new LinkedHashMap<>();
    Ledger unread = Ledger.closed(question.horizon().from());
    offers.forEach(offer -> rates.put(offer, new Pricer(question, unread).rates(offer, likely)));
    List<Breakeven> found = new ArrayList<>();
    for (Map.Entry<Offer, Rates> managed : rates.entrySet()) {
      for (Map.Entry<Offer, Rates> own : rates.entrySet()) {
        found.addAll(pair(managed.getKey(), managed.getValue(), own.getKey(), own.getValue()));
      }
    }
    return found;
  }

  private List<Breakeven> pair(Offer managed, Rates there, Offer own, Rates here) {
    if (there.serving().orElse(null) instanceof PerRequest each
        && here.serving().orElse(null) instanceof Stepped stepped) {
      return new Crossings(each, stepped)
          .all().stream()
              .map(crossing ->
                  crossing.toOwn()
                      ? breakeven(
                          managed, own, crossing, each, stepped, payback(managed, there, here))
                      : breakeven(own, managed, crossing, each, stepped, Optional.empty()))
              .toList();
    }
    return List.of();
  }

  private Breakeven breakeven(
      Offer from,
      Offer to,
      Crossing crossing,
      PerRequest each,
      Stepped stepped,
      Optional<Integer> payback) {
    Optional<LocalDate> end =
        Lifetime.announced(from).or(() -> Lifetime.announced(to)).map(EndDate::date);
    return new Breakeven(
        from,
        to,
        crossing.requests(),
        basis(crossing, each, stepped),
        reached(crossing, end),
        payback);
  }

  private static String basis(Crossing crossing, PerRequest each, Stepped stepped) {
    BigDecimal volume = BigDecimal.valueOf(crossing.requests());
    return "monthly inference alone: %s replica(s) at %s a month against $%s a request%s"
        .formatted(
            stepped.replicas(volume).toPlainString(),
            Words.dollars(stepped.at(volume)),
            each.each().usd().stripTrailingZeros().toPlainString(),
            crossing.afterGap() ? "; below it, the cheaper option changes at every step" : "");
  }

  /// The month in which the workload gets there, unless the managed model has stopped by then.
  private Optional<YearMonth> reached(Crossing crossing, Optional<LocalDate> end) {
    BigDecimal goal = BigDecimal.valueOf(crossing.requests());
    LocalDate from = question.horizon().from();
    if (traffic.requests(0).compareTo(goal) >= 0) {
      return Optional.empty();
    }
    return IntStream.range(1, MOST_MONTHS)
        .filter(month -> traffic.requests(month).compareTo(goal) >= 0)
        .mapToObj(from::plusMonths)
        .findFirst()
        .filter(start -> end.map(start::isBefore).orElse(true))
        .map(YearMonth::from);
  }

  /// Months until the saving has paid for tuning on own hardware. A managed model that stops saves
  /// nothing after its end.
  private Optional<Integer> payback(Offer managed, Rates there, Rates here) {
    LocalDate horizon = question.horizon().end();
    LocalDate end =
        Lifetime.announced(managed).map(EndDate::date).filter(horizon::isAfter).orElse(horizon);
    Optional<Money> price = here.training();
    if (price.isEmpty() || there.serving().isEmpty() || here.serving().isEmpty()) {
      return Optional.empty();
    }
    Money saved = Money.ZERO;
    for (int month = 0; month < question.horizon().months(); month++) {
      BigDecimal requests = traffic.requests(month);
      Money difference =
          there.serving().get().at(requests).minus(here.serving().get().at(requests));
      saved = saved.plus(difference.times(traffic.share(month, question.horizon().from(), end)));
      if (saved.compareTo(price.get()) > 0) {
        return Optional.of(month + 1);
      }
    }
    return Optional.empty();
  }
}
