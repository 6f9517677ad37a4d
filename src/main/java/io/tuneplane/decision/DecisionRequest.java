package io.tuneplane.decision;

import io.tuneplane.backend.Method;

/// What is to be decided.
///
/// @param wish which model
/// @param method how it is tuned
/// @param data on what
/// @param needs what the answer must keep to
/// @param forecast how much is trained and asked
public record DecisionRequest(
    Wish wish, Method method, DataSummary data, Needs needs, Forecast forecast) {

  DecisionRequest with(Wish other) {
    return new DecisionRequest(other, method, data, needs, forecast);
  }

  DecisionRequest with(DataSummary other) {
    return new DecisionRequest(wish, method, other, needs, forecast);
  }

  DecisionRequest with(Needs other) {
    return new DecisionRequest(wish, method, data, other, forecast);
  }

  DecisionRequest with(Forecast other) {
    return new DecisionRequest(wish, method, data, needs, other);
  }
}
