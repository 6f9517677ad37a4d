package io.tuneplane.api;

import io.tuneplane.api.CostRequest.Load;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.decision.Needs;
import io.tuneplane.decision.Wish;
import java.util.List;
import java.util.Optional;

/// What is to be decided.
///
/// @param data the files
/// @param wish which model
/// @param method how it is tuned
/// @param needs what the answer must keep to
/// @param outlook how much is trained and asked
public record DecideRequest(Data data, Wish wish, Method method, Needs needs, Outlook outlook) {

  /// The data.
  ///
  /// @param training the training data: the id of an uploaded file
  /// @param validation the validation data: the id of an uploaded file
  /// @param flags what is said of it; the scan adds to them
  public record Data(String training, Optional<String> validation, List<String> flags) {
    public Data {
      flags = List.copyOf(flags);
    }
  }

  /// How much is trained and asked.
  ///
  /// @param epochs passes over the data; empty for the rule that `tune` goes by
  /// @param load the forecast of requests; absent means are the data's own
  /// @param months the horizon
  /// @param own how own hardware would be used
  public record Outlook(Optional<Integer> epochs, Load load, int months, OwnPlan own) {}
}
