package io.tuneplane.api;

import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.Range;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// What is to be priced. What is absent comes from the price book's own example, where it has one.
///
/// @param basis prices and time
/// @param volume how much is trained
/// @param load the forecast of requests
/// @param selection which options
/// @param own how own hardware would be used
public record CostRequest(Basis basis, Volume volume, Load load, Selection selection, OwnPlan own) {

  /// Prices and time.
  ///
  /// @param book a shipped book's name (`tuneplane`, `section-13.4`) or a file that is laid over
  ///   the first of them
  /// @param months the horizon
  /// @param seed of the simulation
  public record Basis(String book, int months, long seed) {

    /// Today's prices.
    public static final String DEFAULT_BOOK = "tuneplane";
  }

  /// How much is trained.
  public record Volume(
      Optional<Long> examples, Optional<BigDecimal> tokensPerExample, Optional<Integer> epochs) {}

  /// The forecast of requests. Without monthly requests there is none, and serving is left out.
  ///
  /// @param monthlyRequests in the first month
  /// @param inputTokens of a prompt
  /// @param outputTokens of an answer
  /// @param cachedShare the part of the prompts' tokens that is billed as cached, 0 to 1
  /// @param growthPerMonth 0.05 for 5 percent
  /// @param peakToMean how many times the mean rate the busiest minutes have
  public record Load(
      Optional<Range> monthlyRequests,
      Optional<Range> inputTokens,
      Optional<Range> outputTokens,
      BigDecimal cachedShare,
      Range growthPerMonth,
      Optional<Range> peakToMean) {}

  /// Which options are compared.
  ///
  /// @param models these models, wherever they can be had; empty for a class
  /// @param modelClass this class of models; absent for `small`, or for all of a book without
  ///   classes
  /// @param places these places of our own; empty for the ones that the book shows first, `all` for
  ///   every one
  public record Selection(List<String> models, Optional<String> modelClass, List<String> places) {
    public Selection {
      models = List.copyOf(models);
      places = List.copyOf(places);
    }
  }
}
