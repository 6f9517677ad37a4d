package io.tuneplane.http;

import io.tuneplane.api.Deleted;
import io.tuneplane.api.Json;
import io.tuneplane.api.ModelCard;
import io.tuneplane.api.Page;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/v1/models`.
final class ModelsRoutes {

  void handlers(Handlers handlers) {
    handlers
        .on(Route.MODELS_LIST, ModelsRoutes::list)
        .on(Route.MODELS_GET, ModelsRoutes::get)
        .on(Route.MODELS_DELETE, ModelsRoutes::delete)
        .on(Route.DEPLOYMENTS, call -> Answer.ok(call.api().models().deployments()));
  }

  private static Answer delete(Call call) {
    String model = call.part("model");
    call.api().models().delete(model);
    return Answer.ok(new Deleted(model, "model", true));
  }

  private static Answer list(Call call) {
    List<ModelCard> cards = call.api().models().list();
    return Answer.ok(Page.of(cards, cards.size(), ModelCard::id));
  }

  private static Answer get(Call call) {
    ModelCard card = call.api().models().get(call.part("model"));
    return new Answer.Body(200, Json.tree(card), sunset(card.shutdownDate()));
  }

  /// Tells clients that look for it when the model stops (RFC 8594).
  static Map<String, String> sunset(Optional<LocalDate> end) {
    return end.map(day ->
            Map.of(
                "Sunset",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(day.atStartOfDay(ZoneOffset.UTC)),
                "Deprecation",
                "true"))
        .orElse(Map.of());
  }
}
