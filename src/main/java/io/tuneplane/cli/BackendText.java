package io.tuneplane.cli;

import io.tuneplane.api.BackendCard;
import io.tuneplane.api.BackendFacts;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// The places, for people: one line each, then what the price book knows of their providers.
final class BackendText {

  private static final Map<String, String> LIMITS =
      Map.of(
          "min_examples", "at least %,d examples",
          "max_examples", "at most %,d examples",
          "max_validation_examples", "at most %,d validation examples",
          "max_tokens_per_example", "at most %,d tokens an example",
          "max_file_bytes", "a file of at most %,d bytes");

  private BackendText() {}

  static String of(List<BackendCard> places) {
    Table table =
        new Table("BACKEND", "LOCATION", "STATE", "JOBS UNTIL", "METHODS", "WEIGHTS", "DETAIL");
    StringBuilder more = new StringBuilder();
    for (BackendCard place : places) {
      table.row(
          place.name(),
          place.location() + place.region().map(region -> " (" + region + ")").orElse(""),
          place.state().replace('_', ' '),
          place.facts().takesJobsUntil().map(LocalDate::toString).orElse(""),
          String.join(", ", place.methods()),
          place.weightsAvailable() ? "yours" : "stay there",
          place.detail().orElse(""));
      more.append(facts(place));
    }
    return table.toString() + more;
  }

  private static String facts(BackendCard place) {
    StringJoiner lines = new StringJoiner("\n  ", "\n" + place.name() + "\n  ", "\n");
    lines.setEmptyValue("");
    limits(place, lines);
    for (BackendFacts.Model model : place.facts().models()) {
      lines.add(Terminal.plain(model.warning().orElseGet(() -> model.id() + end(model))));
    }
    place.facts().pricesReadOn().ifPresent(day -> prices(place.facts(), day, lines));
    return lines.toString();
  }

  private static void prices(BackendFacts facts, LocalDate day, StringJoiner lines) {
    lines.add(
        "US dollars for a million tokens, as read on %s%s:"
            .formatted(day, facts.pricesStale() ? " (stale: look them up)" : ""));
    Table table = new Table("  MODEL", ">TRAINING", ">INPUT", ">CACHED", ">OUTPUT");
    for (BackendFacts.Model model : facts.models()) {
      BackendFacts.Prices prices = model.prices();
      table.row(
          "  " + Terminal.plain(model.id()),
          usd(prices.training()),
          usd(prices.input()),
          usd(prices.cachedInput()),
          usd(prices.output()));
    }
    table.toString().lines().forEach(lines::add);
  }

  private static String usd(Optional<String> price) {
    return price.orElse("unknown");
  }

  private static String end(BackendFacts.Model model) {
    return model
        .end()
        .map(day -> (model.announced() ? " stops on " : " is promised until ") + day)
        .orElse("");
  }

  private static void limits(BackendCard place, StringJoiner lines) {
    StringJoiner words = new StringJoiner(", ");
    place
        .limits()
        .forEach(
            (name, limit) -> words.add(LIMITS.getOrDefault(name, name + " %,d").formatted(limit)));
    if (words.length() > 0) {
      lines.add("takes " + words);
    }
  }
}
