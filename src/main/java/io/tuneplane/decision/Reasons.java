package io.tuneplane.decision;

import io.tuneplane.cost.EndOfLife;
import io.tuneplane.decision.Decision.Ranked;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says in sentences why a choice is the choice.
final class Reasons {

  private Reasons() {}

  static List<String> why(List<Ranked> ranked, DecisionRequest request) {
    if (ranked.isEmpty()) {
      return List.of("Nothing is left: every place and model is struck out.");
    }
    List<String> why = new ArrayList<>();
    Ranked best = ranked.getFirst();
    Optional<Ranked> second = ranked.stream().skip(1).findFirst();
    why.add(cost(best, second, request.forecast()));
    best.basis().end().ifPresent(why::add);
    second.ifPresent(next -> why.add(runnerUp(next)));
    if (!best.ready()) {
      why.add(best.offer() + " is not ready: " + best.setup().orElse("it needs setting up") + ".");
      why.add(
          ranked.stream()
              .filter(Ranked::ready)
              .findFirst()
              .map(ready -> "The best that is ready now is " + ready.offer() + costs(ready) + ".")
              .orElse("Nothing is ready now."));
    }
    return why;
  }

  private static String cost(Ranked best, Optional<Ranked> second, Forecast forecast) {
    String over =
        forecast.workload().isPresent()
            ? " over " + forecast.horizonMonths() + " months"
            : " for the tuning job; serving is left out, no workload was given";
    if (best.totalUsd().isEmpty()) {
      return second.isEmpty()
          ? "%s is all that is left; its cost is unknown.".formatted(best.offer())
          : "The cost of %s is unknown, and so is that of everything else that is left."
              .formatted(best.offer());
    }
    return second.isEmpty()
        ? "%s is all that is left: $%s%s.".formatted(best.offer(), best.totalUsd().get(), over)
        : "%s is the cheapest: $%s%s.".formatted(best.offer(), best.totalUsd().get(), over);
  }

  /// When a model stops, and what its total holds for the time after.
  static String end(String model, EndOfLife end) {
    return end.successor()
        .map(next ->
            "%s stops on %s: the total holds what comes after, %s (%s), $%s for tuning it and $%s for serving it."
                .formatted(
                    model,
                    end.end().date(),
                    next.model(),
                    next.provider(),
                    next.retrain().text(),
                    next.serving().text()))
        .orElseGet(() ->
            "%s stops on %s, and nothing with a known cost could come after it."
                .formatted(model, end.end().date()));
  }

  private static String runnerUp(Ranked next) {
    return "The runner-up is " + next.offer() + costs(next) + ".";
  }

  private static String costs(Ranked option) {
    return option.totalUsd().map(usd -> ", $" + usd).orElse(", at a cost that is unknown");
  }

  /// Hours with two decimals.
  static BigDecimal hours(BigDecimal exact) {
    return exact.setScale(2, RoundingMode.HALF_EVEN);
  }
}
