package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.CostRequest.Basis;
import io.tuneplane.api.CostRequest.Selection;
import io.tuneplane.api.CostRequest.Volume;
import io.tuneplane.cost.Horizon;
import java.util.ArrayList;
import java.util.List;

/// Questions of cost: JSON to [CostRequest] and back. Unknown fields are refused, and so is a price
/// book that is a file: nobody reads the server's disk by asking for a price.
public final class CostBodies {

  private static final List<String> BOOKS = List.of(Basis.DEFAULT_BOOK, "section-13.4");
  private static final int MOST_MONTHS = 120;
  private static final int MOST_NAMES = 64;
  private static final long MOST_EXAMPLES = 10_000_000_000L;
  private static final int MOST_EPOCHS = 50;
  private static final List<String> KNOWN = known();

  private CostBodies() {}

  private static List<String> known() {
    List<String> known = new ArrayList<>(ForecastBodies.LOAD);
    known.addAll(
        List.of(
            "book",
            "months",
            "seed",
            "examples",
            "tokens_per_example",
            "epochs",
            "models",
            "model_class",
            "places",
            "own"));
    return known.stream().sorted().toList();
  }

  /// Reads a request's body.
  ///
  /// @throws RequestException naming every field that is wrong
  public static CostRequest read(JsonNode body) {
    Fields fields = Fields.of(body);
    HostileFields.refuse(body);
    fields.onlyKnown(KNOWN);
    String book = fields.text("book").orElse(Basis.DEFAULT_BOOK);
    if (!BOOKS.contains(book)) {
      fields.problem("book", "must be one of " + BOOKS);
    }
    CostRequest request =
        new CostRequest(
            new Basis(
                book,
                fields
                    .whole("months", 1, MOST_MONTHS)
                    .map(Long::intValue)
                    .orElse(Horizon.DEFAULT_MONTHS),
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0L)),
            new Volume(
                fields.whole("examples", 1, MOST_EXAMPLES),
                ForecastBodies.number(fields, "tokens_per_example"),
                fields.whole("epochs", 1, MOST_EPOCHS).map(Long::intValue)),
            ForecastBodies.load(fields),
            new Selection(
                ForecastBodies.texts(fields, "models", MOST_NAMES),
                fields.text("model_class"),
                ForecastBodies.texts(fields, "places", MOST_NAMES)),
            ForecastBodies.own(fields));
    fields.done();
    return request;
  }

  /// Writes a request as a body that [#read] reads as the same.
  public static ObjectNode write(CostRequest request) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("book", request.basis().book());
    body.put("months", request.basis().months());
    body.put("seed", request.basis().seed());
    request.volume().examples().ifPresent(n -> body.put("examples", n));
    request.volume().tokensPerExample().ifPresent(n -> body.put("tokens_per_example", n));
    request.volume().epochs().ifPresent(n -> body.put("epochs", n));
    ForecastBodies.write(body, request.load());
    body.set("models", Json.tree(request.selection().models()));
    request.selection().modelClass().ifPresent(name -> body.put("model_class", name));
    body.set("places", Json.tree(request.selection().places()));
    ForecastBodies.write(body, request.own());
    return body;
  }
}
