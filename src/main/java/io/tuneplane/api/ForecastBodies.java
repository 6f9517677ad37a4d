package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.CostRequest.Load;
import io.tuneplane.cost.Money;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.OwnPlan.People;
import io.tuneplane.cost.OwnPlan.Tuning;
import io.tuneplane.cost.Range;
import io.tuneplane.cost.ServingHours;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What questions of cost and place have in common: the forecast of requests, and how own hardware
/// would be used. A number may be a range: `1000`, or `"500..1000..4000"`.
final class ForecastBodies {

  /// The fields of a forecast.
  static final List<String> LOAD =
      List.of(
          "monthly_requests",
          "input_tokens",
          "output_tokens",
          "cached_share",
          "growth_per_month",
          "peak_to_mean");

  private static final List<String> OWN =
      List.of(
          "tuning", "hours", "hours_per_month", "adapters", "people_hours", "people_hourly_usd");
  private static final int MOST_DIGITS = 20;
  private static final int MOST_ADAPTERS = 10_000;
  private static final String ALWAYS = "always_on";
  private static final String SCHEDULED = "scheduled";
  private static final String TO_ZERO = "scaled_to_zero";

  private ForecastBodies() {}

  static Load load(Fields body) {
    return new Load(
        range(body, "monthly_requests"),
        range(body, "input_tokens"),
        range(body, "output_tokens"),
        number(body, "cached_share").orElse(BigDecimal.ZERO),
        range(body, "growth_per_month").orElseGet(() -> Range.of(0)),
        range(body, "peak_to_mean"));
  }

  static void write(ObjectNode body, Load load) {
    load.monthlyRequests().ifPresent(range -> body.put("monthly_requests", text(range)));
    load.inputTokens().ifPresent(range -> body.put("input_tokens", text(range)));
    load.outputTokens().ifPresent(range -> body.put("output_tokens", text(range)));
    body.put("cached_share", load.cachedShare());
    body.put("growth_per_month", text(load.growthPerMonth()));
    load.peakToMean().ifPresent(range -> body.put("peak_to_mean", text(range)));
  }

  static OwnPlan own(Fields body) {
    Fields own = body.object("own");
    own.onlyKnown(OWN);
    Tuning tuning = word(own, "tuning", Tuning.LORA);
    long adapters = own.whole("adapters", 1, MOST_ADAPTERS).orElse(1L);
    Optional<People> people =
        number(own, "people_hours")
            .flatMap(hours ->
                number(own, "people_hourly_usd").map(usd -> new People(hours, new Money(usd))));
    return new OwnPlan(tuning, hours(own), (int) adapters, people);
  }

  private static ServingHours hours(Fields own) {
    String kind = own.text("hours").orElse(ALWAYS);
    BigDecimal hours = number(own, "hours_per_month").orElse(BigDecimal.ONE);
    try {
      return switch (kind) {
        case ALWAYS -> new ServingHours.AlwaysOn();
        case SCHEDULED -> new ServingHours.Scheduled(hours);
        case TO_ZERO -> new ServingHours.ScaledToZero(hours);
        default -> {
          own.problem("hours", "must be one of " + List.of(ALWAYS, SCHEDULED, TO_ZERO));
          yield new ServingHours.AlwaysOn();
        }
      };
    } catch (IllegalArgumentException e) {
      own.problem("hours_per_month", String.valueOf(e.getMessage()));
      return new ServingHours.AlwaysOn();
    }
  }

  static void write(ObjectNode body, OwnPlan plan) {
    ObjectNode own = body.putObject("own");
    own.put("tuning", plan.tuning().name().toLowerCase(Locale.ROOT));
    own.put("adapters", plan.adapters());
    switch (plan.hours()) {
      case ServingHours.AlwaysOn _ -> own.put("hours", ALWAYS);
      case ServingHours.Scheduled(BigDecimal hours) ->
          own.put("hours", SCHEDULED).put("hours_per_month", hours);
      case ServingHours.ScaledToZero(BigDecimal hours) ->
          own.put("hours", TO_ZERO).put("hours_per_month", hours);
    }
    plan.people()
        .ifPresent(people ->
            own.put("people_hours", people.hoursPerMonth())
                .put("people_hourly_usd", people.hourly().usd()));
  }

  static Optional<Range> range(Fields body, String name) {
    Optional<JsonNode> node = body.field(name);
    try {
      return node.map(value -> Range.parse(text(value)));
    } catch (IllegalArgumentException e) {
      body.problem(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// A number, as one or as text; not a negative one.
  static Optional<BigDecimal> number(Fields body, String name) {
    Optional<JsonNode> node = body.field(name);
    try {
      Optional<BigDecimal> number = node.map(value -> new BigDecimal(text(value)));
      if (number.isPresent() && !bounded(number.get())) {
        body.problem(name, "must be 0 or more, with at most %d digits".formatted(MOST_DIGITS));
        return Optional.empty();
      }
      return number;
    } catch (NumberFormatException e) {
      body.problem(name, "must be a number");
      return Optional.empty();
    }
  }

  private static boolean bounded(BigDecimal number) {
    return number.signum() >= 0
        && number.precision() <= MOST_DIGITS
        && Math.abs(number.scale()) <= MOST_DIGITS;
  }

  /// A constant by its name in lower case.
  static <E extends Enum<E>> E word(Fields body, String name, E usual) {
    Optional<String> text = body.text(name);
    E[] all = usual.getDeclaringClass().getEnumConstants();
    Optional<E> found =
        text.flatMap(word ->
            Arrays.stream(all)
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst());
    if (text.isPresent() && found.isEmpty()) {
      String known =
          Arrays.stream(all)
              .map(constant -> constant.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
      body.problem(name, "must be one of %s, not %s".formatted(known, Words.quoted(text.get())));
    }
    return found.orElse(usual);
  }

  static List<String> texts(Fields body, String name, int most) {
    JsonNode node = body.field(name).orElseGet(() -> Json.mapper().createArrayNode());
    Fields.Elements elements = Fields.elements(node);
    if (!elements.texts() || elements.values().size() > most) {
      body.problem(name, "must be an array of at most %d strings".formatted(most));
      return List.of();
    }
    return elements.values();
  }

  private static String text(JsonNode value) {
    return value.isTextual() || value.isNumber() ? value.asText() : "?";
  }

  private static String text(Range range) {
    return range.isPoint()
        ? range.likely().toPlainString()
        : "%s..%s..%s"
            .formatted(
                range.low().toPlainString(),
                range.likely().toPlainString(),
                range.high().toPlainString());
  }
}
