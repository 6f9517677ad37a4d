package io.tuneplane.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.CostBodies;
import io.tuneplane.api.CostRequest;
import io.tuneplane.api.DecideBodies;
import io.tuneplane.api.DecisionsApi.Decided;
import io.tuneplane.decision.DecisionJson;
import java.io.IOException;
import java.util.Map;

/// Questions before anything is spent: what it would cost, and where it would run.
final class QuestionsRoutes {

  void handlers(Handlers handlers) {
    handlers
        .on(Route.DECISIONS_CREATE, QuestionsRoutes::decide)
        .on(
            Route.DECISIONS_REPLAY,
            call -> Answer.ok(call.api().decisions().replay(call.part("decision_id"))))
        .on(
            Route.COSTS,
            call -> Answer.ok(call.api().costs().compare(CostBodies.read(call.json()))))
        .on(Route.BACKENDS, call -> Answer.ok(call.api().backends().list()))
        .on(
            Route.BACKENDS_COMPARE,
            call ->
                Answer.ok(
                    call.api()
                        .backends()
                        .compare(call.query("book").orElse(CostRequest.Basis.DEFAULT_BOOK))));
  }

  private static Answer decide(Call call) throws IOException {
    Decided decided = call.api().decisions().decide(DecideBodies.read(call.json()));
    ObjectNode json = (ObjectNode) DecisionJson.tree(decided.decision());
    json.put("id", decided.id());
    return new Answer.Body(200, json, Map.of());
  }
}
