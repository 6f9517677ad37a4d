package io.tuneplane.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Draws the uncertain numbers at random, each from a triangular distribution over its range and
/// independently of the others, and prices every plan at each draw.
final class Simulation {

  /// Enough for the tenth and the ninetieth percentile to stand within about two percentage points
  /// of their ranks.
  static final int DRAWS = 2000;

  private static final MathContext DRAWN_DIGITS = new MathContext(9);
  private static final int SHARE_DIGITS = 3;

  private final PriceBook book;
  private final Question question;
  private final Map<Factor, Range> ranges;

  Simulation(PriceBook book, Question question, Map<Factor, Range> ranges) {
    this.book = book;
    this.question = question;
    this.ranges = ranges;
  }

  /// The outlook of every plan, by offer id. Empty where the workload is known and steady: then one
  /// total is the whole answer.
  ///
  /// @param plans ones whose total is known
  Map<String, Outlook> outlooks(List<Plan> plans) {
    Map<String, Outlook> outlooks = new LinkedHashMap<>();
    if (plans.isEmpty() || !isUncertain()) {
      return outlooks;
    }
    Money[][] totals = draw(plans);
    int[] wins = wins(totals, plans.size());
    for (int i = 0; i < plans.size(); i++) {
      int plan = i;
      Money[] sorted = Arrays.stream(totals).map(row -> row[plan]).sorted().toArray(Money[]::new);
      outlooks.put(plans.get(i).offer().id(), outlook(plans.get(i), sorted, wins[i]));
    }
    return outlooks;
  }

  private boolean isUncertain() {
    return question
        .workload()
        .filter(load ->
            !load.monthlyRequests().isPoint()
                || !load.inputTokens().isPoint()
                || !load.outputTokens().isPoint()
                || !load.growthPerMonth().isPoint()
                || load.growthPerMonth().likely().signum() != 0)
        .isPresent();
  }

  private Money[][] draw(List<Plan> plans) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(question.seed());
    Money[][] totals = new Money[DRAWS][plans.size()];
    for (Money[] row : totals) {
      Scenario scenario = Scenario.of(book, ranges, range -> triangular(range, random));
      for (int i = 0; i < row.length; i++) {
        row[i] = total(plans.get(i), scenario);
      }
    }
    return totals;
  }

  private Outlook outlook(Plan plan, Money[] sorted, int wins) {
    return new Outlook(
        percentile(sorted, 10),
        percentile(sorted, 50),
        percentile(sorted, 90),
        BigDecimal.valueOf(wins)
            .divide(BigDecimal.valueOf(DRAWS), SHARE_DIGITS, RoundingMode.HALF_EVEN),
        movesMost(plan));
  }

  /// By nearest rank.
  private static Money percentile(Money[] sorted, int percent) {
    return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
  }

  /// How often each plan was the cheapest; the first of equals counts.
  private static int[] wins(Money[][] totals, int plans) {
    int[] wins = new int[plans];
    for (Money[] row : totals) {
      int best = 0;
      for (int i = 1; i < row.length; i++) {
        best = row[i].compareTo(row[best]) < 0 ? i : best;
      }
      wins[best]++;
    }
    return wins;
  }

  private Optional<Factor> movesMost(Plan plan) {
    Scenario likely = Scenario.of(book, ranges, Range::likely);
    Money most = Money.ZERO;
    Optional<Factor> found = Optional.empty();
    for (Map.Entry<Factor, Range> uncertain : ranges.entrySet()) {
      Factor factor = uncertain.getKey();
      Range range = uncertain.getValue();
      Money low = total(plan, likely.with(factor, range.low()));
      Money swing = total(plan, likely.with(factor, range.high())).minus(low);
      Money size = new Money(swing.usd().abs());
      if (size.compareTo(most) > 0) {
        most = size;
        found = Optional.of(factor);
      }
    }
    return found;
  }

  private Money total(Plan plan, Scenario scenario) {
    Ledger unread = Ledger.closed(question.horizon().from());
    Pricer pricer = new Pricer(question, unread);
    LocalDate end = question.horizon().end();
    return new Totals(question, scenario)
        .until(
            end,
            plan,
            pricer.rates(plan.offer(), scenario),
            plan.successor().map(next -> pricer.rates(next, scenario)))
        .orElseThrow(() -> new IllegalStateException("unknown total of " + plan.offer().id()));
  }

  /// The value under a uniform draw, by the inverse of the triangle's distribution function.
  private static BigDecimal triangular(Range range, RandomGenerator random) {
    double u = random.nextDouble();
    if (range.isPoint()) {
      return range.likely();
    }
    double low = range.low().doubleValue();
    double mode = range.likely().doubleValue();
    double high = range.high().doubleValue();
    double turn = (mode - low) / (high - low);
    double value =
        u < turn
            ? low + Math.sqrt(u * (high - low) * (mode - low))
            : high - Math.sqrt((1 - u) * (high - low) * (high - mode));
    return new BigDecimal(value, DRAWN_DIGITS);
  }
}
