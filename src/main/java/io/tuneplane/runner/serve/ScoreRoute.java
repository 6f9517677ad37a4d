package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.tuneplane.runner.serve.onnx.Precision;
import java.util.List;

/// `/v1/tuneplane/score`: the gate, in a running server.
final class ScoreRoute {

  private static final int MOST_ITEMS = 256;

  private final ServedModel model;
  private final Gate gate;

  ScoreRoute(ServedModel model, Precision precision) {
    this.model = model;
    this.gate = new Gate(model.engine(), precision);
  }

  void routes(HttpRules rules) {
    rules.post("/v1/tuneplane/score", this::score);
  }

  private void score(ServerRequest request, ServerResponse response) {
    RequestFields body = new RequestFields(ApiJson.read(Bodies.read(request)));
    var adapter = model.adapters().find(body.requiredText("model"));
    List<JsonNode> items = body.list("items", MOST_ITEMS);
    if (items.isEmpty()) {
      throw ApiException.bad("items", "'items' is missing or empty.");
    }
    int vocabulary = model.base().config().vocabSize();
    List<GoldenAnswer> answers = items.stream().map(i -> GoldenAnswer.read(i, vocabulary)).toList();
    GateReport report = model.accepted(() -> gate.judge(answers, adapter));
    Bodies.send(response, 200, report.json());
  }
}
