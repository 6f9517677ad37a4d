package io.tuneplane.cost;

import java.util.List;
import java.util.Optional;

/// Hardware that we hold or rent by the hour.
///
/// @param id its name in the book
/// @param label how people know it
/// @param backend the backend that runs there
/// @param gpu what it computes with, if the book says
/// @param rate what it takes and gives
/// @param models ids of the open models it is offered for
public record OwnPlace(
    String id, String label, String backend, Optional<Gpu> gpu, Rate rate, List<String> models) {

  public OwnPlace {
    models = List.copyOf(models);
  }

  /// What an hour costs and yields.
  ///
  /// @param hourly dollars for an hour of one accelerator
  /// @param trainingSpeed tokens a second that a training run gets through, where the book says so
  ///   outright instead of leaving it to the formula
  /// @param servingCapacity how much one replica carries
  public record Rate(
      PriceLine hourly, Optional<PriceLine> trainingSpeed, Capacity servingCapacity) {}

  /// How many tokens a second, prompt and answer together, one replica carries.
  public sealed interface Capacity {

    /// As the accelerator's peak and the serving efficiency give it.
    record Derived() implements Capacity {}

    /// As the book says.
    record Stated(PriceLine tokensPerSecond) implements Capacity {}

    /// One replica carries everything: the section's own simplification.
    record Unlimited() implements Capacity {}
  }
}
