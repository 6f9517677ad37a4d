package io.tuneplane.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/// Questions about the book of [Books#round].
final class Asking {

  static final LocalDate TODAY = LocalDate.parse("2026-11-24");
  static final TrainingVolume MILLION_TOKENS = TrainingVolume.of(1000, 1000, 1);

  private Asking() {}

  /// A year of so many requests a month, each of 60 + 40 tokens.
  static Question requests(long monthly) {
    return with(Workload.steady(monthly, 60, 40));
  }

  static Question with(Workload workload) {
    return Question.of(MILLION_TOKENS, Optional.of(workload), Horizon.year(TODAY));
  }

  static Question with(OwnPlan plan, long monthly) {
    return with(plan, Workload.steady(monthly, 60, 40), Measurements.NONE);
  }

  static Question with(OwnPlan plan, Workload workload, Measurements measured) {
    return new Question(
        MILLION_TOKENS,
        Optional.of(workload),
        Horizon.year(TODAY),
        plan,
        measured,
        Question.DEFAULT_SEED);
  }

  static Question training(TrainingVolume volume) {
    return Question.of(volume, Optional.empty(), Horizon.year(TODAY));
  }

  static Workload growing(long monthly, String rate) {
    return new Workload(
        Range.of(monthly),
        Range.of(60),
        Range.of(40),
        BigDecimal.ZERO,
        Range.parse(rate),
        Optional.empty());
  }

  static Comparison compare(PriceBook book, Question question) {
    CostModel model = new CostModel(book);
    return model.compare(model.offers(), question);
  }

  static CostOption option(Comparison comparison, String provider) {
    return comparison.options().stream()
        .filter(option -> option.provider().equals(provider))
        .findFirst()
        .orElseThrow();
  }

  static String text(Optional<Money> money) {
    return money.map(Money::text).orElse("unknown");
  }
}
