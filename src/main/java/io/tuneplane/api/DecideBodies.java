package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.DecideRequest.Data;
import io.tuneplane.api.DecideRequest.Outlook;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.Horizon;
import io.tuneplane.decision.Needs;
import io.tuneplane.decision.Wish;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Questions for a decision: JSON to [DecideRequest] and back. Unknown fields are refused.
public final class DecideBodies {

  private static final int MOST_FLAGS = 32;
  private static final int MOST_EPOCHS = 50;
  private static final int MOST_MONTHS = 120;
  private static final List<String> KNOWN = known();

  private DecideBodies() {}

  private static List<String> known() {
    List<String> known = new ArrayList<>(ForecastBodies.LOAD);
    known.addAll(
        List.of(
            "training_file",
            "validation_file",
            "flags",
            "model",
            "model_class",
            "substitutes",
            "method",
            "weights",
            "residency",
            "budget_usd",
            "deadline",
            "epochs",
            "months",
            "own"));
    return known.stream().sorted().toList();
  }

  /// Reads a request's body.
  ///
  /// @throws RequestException naming every field that is wrong
  public static DecideRequest read(JsonNode body) {
    Fields fields = Fields.of(body);
    HostileFields.refuse(body);
    fields.onlyKnown(KNOWN);
    DecideRequest request =
        new DecideRequest(
            new Data(
                fields.required("training_file"),
                fields.text("validation_file"),
                ForecastBodies.texts(fields, "flags", MOST_FLAGS)),
            new Wish(
                fields.text("model").filter(name -> !name.equals("auto")),
                fields.text("model_class"),
                flag(fields, "substitutes")),
            ForecastBodies.word(fields, "method", Method.SUPERVISED),
            needs(fields),
            new Outlook(
                fields.whole("epochs", 1, MOST_EPOCHS).map(Long::intValue),
                ForecastBodies.load(fields),
                fields
                    .whole("months", 1, MOST_MONTHS)
                    .map(Long::intValue)
                    .orElse(Horizon.DEFAULT_MONTHS),
                ForecastBodies.own(fields)));
    fields.done();
    return request;
  }

  private static Needs needs(Fields fields) {
    return new Needs(
        flag(fields, "weights"),
        fields.text("residency"),
        ForecastBodies.number(fields, "budget_usd"),
        deadline(fields));
  }

  private static Optional<Instant> deadline(Fields fields) {
    try {
      return fields.text("deadline").map(Instant::parse);
    } catch (DateTimeParseException e) {
      fields.problem("deadline", "must be a time in ISO 8601, such as 2027-01-06T00:00:00Z");
      return Optional.empty();
    }
  }

  private static boolean flag(Fields fields, String name) {
    Optional<JsonNode> node = fields.field(name);
    if (node.isPresent() && !node.get().isBoolean()) {
      fields.problem(name, "must be true or false");
    }
    return node.map(JsonNode::booleanValue).orElse(false);
  }

  /// Writes a request as a body that [#read] reads as the same.
  public static ObjectNode write(DecideRequest request) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("training_file", request.data().training());
    request.data().validation().ifPresent(file -> body.put("validation_file", file));
    body.set("flags", Json.tree(request.data().flags()));
    request.wish().model().ifPresent(model -> body.put("model", model));
    request.wish().modelClass().ifPresent(name -> body.put("model_class", name));
    body.put("substitutes", request.wish().substitutes());
    body.put("method", request.method().wireName());
    body.put("weights", request.needs().weights());
    request.needs().residency().ifPresent(region -> body.put("residency", region));
    request.needs().budgetUsd().ifPresent(usd -> body.put("budget_usd", usd.toPlainString()));
    request.needs().deadline().ifPresent(at -> body.put("deadline", at.toString()));
    request.outlook().epochs().ifPresent(epochs -> body.put("epochs", epochs));
    body.put("months", request.outlook().months());
    ForecastBodies.write(body, request.outlook().load());
    ForecastBodies.write(body, request.outlook().own());
    return body;
  }
}
