package io.tuneplane.api;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// What each option costs. Amounts are US dollars with two decimals as text, absent where unknown.
///
/// @param options cheapest total first, then those whose total is unknown
/// @param breakevens every volume at which the cheaper one of a managed and an own option changes
/// @param curves serving cost over volume, for charts
/// @param leftOut options that can no longer be had, and why
/// @param asked what was computed with
public record CostAnswer(
    List<Option> options,
    List<Breakeven> breakevens,
    List<Curve> curves,
    List<String> leftOut,
    Asked asked) {

  /// What was computed with.
  public record Asked(
      String book,
      LocalDate from,
      int horizonMonths,
      Training training,
      Optional<Workload> workload,
      List<Assumed> assumptions) {}

  /// How much is trained.
  public record Training(long examples, String tokensPerExample, int epochs, long tokens) {}

  /// The forecast; ranges as `low..likely..high`.
  public record Workload(
      String monthlyRequests, String inputTokens, String outputTokens, String growthPerMonth) {}

  /// A number of the price book behind the formulas.
  public record Assumed(String item, String value, String source, LocalDate readOn) {}

  /// One option.
  ///
  /// @param provider the place, for people
  /// @param backend who would do it
  /// @param model the base model
  /// @param kind `managed` or `own`
  /// @param trainingUsd the tuning job
  /// @param monthlyUsd serving in the first month; absent too where no workload was given
  /// @param annualUsd training and twelve months of serving
  /// @param totalUsd the same over the horizon
  /// @param trainingTokens tokens trained on, epochs counted
  /// @param trainingHours to the tuning job's result, two decimals
  /// @param prices what the amounts rest on
  /// @param endOfLife the model's end inside the horizon
  /// @param outlook how the total spreads, where the workload is uncertain or grows
  /// @param notes what was assumed, measured or left out
  /// @param unknown what would have to be known
  public record Option(
      String provider,
      String backend,
      String model,
      String kind,
      Optional<String> trainingUsd,
      Optional<String> monthlyUsd,
      Optional<String> annualUsd,
      Optional<String> totalUsd,
      long trainingTokens,
      Optional<String> trainingHours,
      List<Price> prices,
      Optional<EndOfLife> endOfLife,
      Optional<Outlook> outlook,
      List<String> notes,
      List<String> unknown) {}

  /// A line of the price book.
  public record Price(
      String item, Optional<String> value, String source, LocalDate readOn, boolean stale) {}

  /// The end of a model, and what follows it.
  public record EndOfLife(LocalDate on, String source, Optional<Successor> successor) {}

  /// What follows a model that stops; part of the stopped option's total.
  public record Successor(String provider, String model, String retrainUsd, String servingUsd) {}

  /// The spread of a total.
  public record Outlook(
      String p10Usd,
      String p50Usd,
      String p90Usd,
      String cheapestShare,
      Optional<String> movesMost) {}

  /// A change of the cheaper option: from it on, `to` is.
  public record Breakeven(
      String from,
      String to,
      long requestsPerMonth,
      String basis,
      String fromModel,
      String toModel,
      Optional<String> reachedIn,
      Optional<Integer> paybackMonths) {}

  /// The monthly cost of serving by volume.
  public record Curve(String provider, String model, String kind, List<Point> points) {}

  /// The cost of a month with so many requests.
  public record Point(long requests, String usd) {}
}
