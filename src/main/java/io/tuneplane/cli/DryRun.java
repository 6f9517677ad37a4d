package io.tuneplane.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.CostRequest;
import io.tuneplane.api.DecideRequest;
import io.tuneplane.api.DecisionsApi.Decided;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.Range;
import io.tuneplane.decision.DecisionJson;
import io.tuneplane.decision.Needs;
import io.tuneplane.decision.Wish;
import io.tuneplane.job.JobRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// A job's request as a question for the decision alone.
final class DryRun {

  private DryRun() {}

  static DecideRequest of(JobRequest request) {
    JobRequest.ModelRequest model = request.model();
    JobRequest.Placement placement = request.placement();
    return new DecideRequest(
        new DecideRequest.Data(
            request.trainingFile(), request.validationFile(), List.copyOf(placement.flags())),
        new Wish(model.name(), model.modelClass(), placement.substitutes()),
        model.method(),
        new Needs(
            false, Optional.empty(), placement.budgetUsd().map(BigDecimal::new), Optional.empty()),
        new DecideRequest.Outlook(
            model.hyperparameters().epochs().value(),
            load(placement),
            Horizon.DEFAULT_MONTHS,
            OwnPlan.DEFAULT));
  }

  private static CostRequest.Load load(JobRequest.Placement placement) {
    return new CostRequest.Load(
        placement.monthlyRequests().map(Range::of),
        Optional.empty(),
        Optional.empty(),
        BigDecimal.ZERO,
        Range.of(0),
        Optional.empty());
  }

  /// The decision for programs, with the id that it is kept under.
  static JsonNode json(Decided decided) {
    ObjectNode json = (ObjectNode) DecisionJson.tree(decided.decision());
    json.put("id", decided.id());
    return json;
  }
}
