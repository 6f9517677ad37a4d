package io.tuneplane.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.CostRequest;
import io.tuneplane.api.DecideRequest;
import io.tuneplane.api.DecisionsApi.Decided;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.Range;
import io.tuneplane.decision.Decision;
import io.tuneplane.decision.Decision.Ranked;
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

  /// What a job would get: the best that is ready, or the place that was asked for.
  static Optional<Ranked> found(Decision decision, JobRequest.Placement placement) {
    return placement.auto()
        ? decision.firstReady()
        : decision.ranked().stream()
            .filter(r -> r.backend().equals(placement.backend()))
            .findFirst();
  }

  /// The decision for programs, with the id that it is kept under, and what a job would get.
  static JsonNode json(Decided decided, JobRequest.Placement placement) {
    ObjectNode json = (ObjectNode) DecisionJson.tree(decided.decision());
    json.put("id", decided.id());
    ObjectNode would = json.putObject("would_run");
    found(decided.decision(), placement)
        .ifPresentOrElse(
            found ->
                would
                    .put("backend", found.backend())
                    .put("model", found.model())
                    .put("training_usd", found.bill().trainingUsd().orElse(null))
                    .put("ready", found.ready())
                    .put("setup", found.setup().orElse(null)),
            () -> json.putNull("would_run"));
    return json;
  }

  /// The same for people.
  static String text(Decided decided, JobRequest.Placement placement) {
    String where = placement.auto() ? "" : ", as you asked";
    return found(decided.decision(), placement)
        .map(found ->
            "This job would run at %s with %s%s: %s.%n"
                .formatted(
                    found.backend(),
                    found.model(),
                    where,
                    found.ready()
                        ? found
                            .bill()
                            .trainingUsd()
                            .map(usd -> "$" + usd + " for the tuning")
                            .orElse("its cost is unknown")
                        : "not before this is done: " + found.setup().orElse(found.state())))
        .orElseGet(() -> "This job would not run" + why(decided.decision(), placement) + ".\n");
  }

  private static String why(Decision decision, JobRequest.Placement placement) {
    return decision.rejected().stream()
        .filter(r -> r.backend().equals(placement.backend()))
        .findFirst()
        .map(r -> ": " + r.reason())
        .orElse(placement.auto() ? ": no place is ready" : " at " + placement.backend());
  }
}
