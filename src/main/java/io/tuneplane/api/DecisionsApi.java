package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.decision.Decision;
import io.tuneplane.decision.StoredDecision;
import java.io.IOException;

/// The choice of a place, before anything is spent.
public interface DecisionsApi {

  /// Decides, and keeps the decision.
  ///
  /// @throws RequestException if the request is wrong, or the data is not valid
  /// @throws io.tuneplane.decision.DecisionException if it names something that isn't known
  /// @throws IOException if the data can't be read
  Decided decide(DecideRequest request) throws IOException;

  /// Decides again from a kept decision's inputs, and compares every byte.
  ///
  /// @throws NotFoundException if there is no such decision
  Replayed replay(String id);

  /// A decision that is kept.
  ///
  /// @param id under which the decision is kept
  /// @param decision the answer
  record Decided(String id, Decision decision) {}

  /// A decision that was made again.
  ///
  /// @param id the decision's
  /// @param outcome whether it came out the same
  /// @param decision the answer as it was kept
  record Replayed(String id, StoredDecision.Replay outcome, JsonNode decision) {}
}
