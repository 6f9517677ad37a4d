package io.tuneplane.cost;

import java.util.List;
import java.util.Optional;

/// A model that a provider tunes and serves, and what it takes for that.
///
/// @param id the provider's id for the base model
/// @param label how people know provider and model, e.g. `OpenAI (gpt-4o)`
/// @param also other names under which it is asked for
/// @param tariff its prices
/// @param end when it stops, where that is known
public record ManagedModel(
    String id, String label, List<String> also, Tariff tariff, Optional<EndDate> end) {

  public ManagedModel {
    also = List.copyOf(also);
  }

  /// What a provider takes for a million tokens.
  ///
  /// @param training a million training tokens, epochs counted
  /// @param input a million prompt tokens
  /// @param cachedInput a million prompt tokens that it had in its cache
  /// @param output a million answer tokens
  public record Tariff(
      PriceLine training, PriceLine input, PriceLine cachedInput, PriceLine output) {}
}
