package io.tuneplane.cli;

import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostAnswer.Breakeven;
import io.tuneplane.api.CostAnswer.Option;
import io.tuneplane.api.CostAnswer.Price;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/// The answer of `cost` as one HTML page that needs nothing else: no script, no font, no image from
/// anywhere, and a content policy that would refuse them. Every text is escaped.
final class CostPage {

  private final CostAnswer answer;
  private final StringBuilder page = new StringBuilder();

  CostPage(CostAnswer answer) {
    this.answer = answer;
  }

  String html() {
    head();
    summary();
    chart();
    options();
    breakevens();
    ends();
    notes("Unknown, and therefore ranked last", answer.options(), Option::unknown);
    notes("Assumed, measured, left out", answer.options(), Option::notes);
    leftOut();
    sources();
    page.append("</main>\n</body>\n</html>\n");
    return page.toString();
  }

  private void head() {
    page.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Tuneplane: what it would cost</title>
        <style>
        """);
    page.append(stylesheet()).append("</style>\n</head>\n<body>\n<main>\n");
    page.append("<header>\n<p class=\"brand\">Tuneplane</p>\n<h1>What it would cost</h1>\n");
    for (String line : new CostText(answer).asked().split("\n", -1)) {
      page.append("<p class=\"asked\">").append(escape(line)).append("</p>\n");
    }
    page.append("</header>\n");
  }

  private void summary() {
    page.append("<section class=\"cards\">\n");
    answer.options().stream()
        .filter(option -> option.totalUsd().isPresent())
        .findFirst()
        .ifPresent(best ->
            card(
                "Cheapest over " + answer.asked().horizonMonths() + " months",
                CostText.amount(best.totalUsd()),
                CostText.name(best)));
    answer.breakevens().stream()
        .min(Comparator.comparingLong(Breakeven::requestsPerMonth))
        .ifPresent(first ->
            card(
                "First breakeven",
                CostText.group(first.requestsPerMonth()),
                "requests a month: from there %s is cheaper than %s"
                    .formatted(first.to(), first.from())));
    answer.options().stream()
        .flatMap(option -> option.endOfLife().stream())
        .map(CostAnswer.EndOfLife::on)
        .sorted()
        .findFirst()
        .ifPresent(day ->
            card("First model to stop", day.toString(), "its total counts what comes after"));
    page.append("</section>\n");
  }

  private void card(String label, String figure, String detail) {
    page.append(
        "<div class=\"card\"><p class=\"label\">%s</p><p class=\"figure\">%s</p><p>%s</p></div>\n"
            .formatted(escape(label), escape(figure), escape(detail)));
  }

  private void chart() {
    if (!answer.curves().isEmpty()) {
      page.append("<section>\n<h2>Serving a month, by volume</h2>\n");
      page.append(new CostChart(answer).svg());
      page.append("</section>\n");
    }
  }

  private void options() {
    page.append("<section>\n<h2>Options</h2>\n<div class=\"scroll\"><table>\n");
    String total = answer.asked().horizonMonths() + " months";
    row(
        "th",
        List.of("Place", "Model", "Training", "A month", "A year", total, "8 of 10 draws"),
        2);
    for (Option option : answer.options()) {
      row(
          "td",
          List.of(
              option.provider(),
              option.model(),
              CostText.amount(option.trainingUsd()),
              answer.asked().workload().isEmpty() ? "-" : CostText.amount(option.monthlyUsd()),
              CostText.amount(option.annualUsd()),
              CostText.amount(option.totalUsd()),
              option.outlook().map(CostPage::spread).orElse("-")),
          2);
    }
    page.append("</table></div>\n</section>\n");
  }

  private static String spread(CostAnswer.Outlook outlook) {
    return "%s to %s"
        .formatted(CostText.dollars(outlook.p10Usd()), CostText.dollars(outlook.p90Usd()));
  }

  private void breakevens() {
    CostPairs pairs = CostPairs.of(answer);
    if (pairs.changes().isEmpty() && pairs.never().isEmpty()) {
      return;
    }
    page.append("<section>\n<h2>Where own hardware becomes cheaper</h2>\n");
    page.append("<div class=\"scroll\"><table>\n");
    row("th", List.of("Managed", "Own", "From requests a month", "For good from", "Reached in"), 2);
    for (List<Breakeven> changes : pairs.changes()) {
      Breakeven first = changes.getFirst();
      row(
          "td",
          List.of(
              CostPairs.from(first),
              CostPairs.to(first),
              CostText.group(first.requestsPerMonth()),
              CostText.group(changes.getLast().requestsPerMonth()),
              first.reachedIn().orElse("-")),
          2);
    }
    for (List<String> pair : pairs.never()) {
      row("td", List.of(pair.getLast(), pair.getFirst(), "never", "never", "-"), 2);
    }
    page.append("</table></div>\n");
    everyChange();
    page.append("</section>\n");
  }

  /// Replicas come in steps, so a pair can change more than once: all changes, folded away.
  private void everyChange() {
    page.append("<details><summary>Every change, and what was compared</summary>\n<ul>\n");
    for (Breakeven b : answer.breakevens()) {
      item(
          "%s: %s becomes cheaper than %s; %s"
              .formatted(
                  CostText.group(b.requestsPerMonth()),
                  CostPairs.to(b),
                  CostPairs.from(b),
                  b.basis()));
    }
    page.append("</ul></details>\n");
  }

  private void ends() {
    List<Option> ending =
        answer.options().stream().filter(option -> option.endOfLife().isPresent()).toList();
    if (ending.isEmpty()) {
      return;
    }
    page.append("<section>\n<h2>Models that stop</h2>\n<ul>\n");
    new CostText(answer).ends().forEach(this::item);
    page.append("</ul>\n</section>\n");
  }

  private void notes(String heading, List<Option> options, Function<Option, List<String>> of) {
    if (options.stream().allMatch(option -> of.apply(option).isEmpty())) {
      return;
    }
    page.append("<section>\n<h2>").append(escape(heading)).append("</h2>\n<ul>\n");
    new CostText(answer).each(of).forEach(this::item);
    page.append("</ul>\n</section>\n");
  }

  private void leftOut() {
    if (!answer.leftOut().isEmpty()) {
      page.append("<section>\n<h2>No longer to be had</h2>\n<ul>\n");
      answer.leftOut().forEach(this::item);
      page.append("</ul>\n</section>\n");
    }
  }

  private void sources() {
    Map<String, Price> prices = new TreeMap<>();
    answer.options().forEach(o -> o.prices().forEach(p -> prices.put(p.item(), p)));
    page.append(
        """
        <section>
        <h2>Where every number comes from</h2>
        <div class="scroll"><table class="small">
        """);
    row("th", List.of("Item", "Source", "Read on", "Value"), 3);
    for (Price price : prices.values()) {
      row(
          "td",
          List.of(
              price.item(),
              price.source(),
              price.readOn() + (price.stale() ? " (stale)" : ""),
              price.value().orElse(price.item().endsWith(".end") ? "a day" : "unknown")),
          3);
    }
    page.append("</table></div>\n</section>\n");
  }

  /// A table row whose cells from the given one on are numbers.
  private void row(String tag, List<String> cells, int numbersFrom) {
    page.append("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String kind = cell.equals("unknown") ? "num unknown" : "num";
      page.append("<").append(tag);
      if (i >= numbersFrom) {
        page.append(" class=\"").append(kind).append("\"");
      }
      page.append(">").append(escape(cell)).append("</").append(tag).append(">");
    }
    page.append("</tr>\n");
  }

  private void item(String text) {
    page.append("<li>").append(escape(text)).append("</li>\n");
  }

  /// The text with everything that HTML would obey taken out of its force.
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    Terminal.plain(text)
        .chars()
        .forEach(c -> safe.append(ENTITIES.getOrDefault((char) c, String.valueOf((char) c))));
    return safe.toString();
  }

  private static final Map<Character, String> ENTITIES =
      Map.of('&', "&amp;", '<', "&lt;", '>', "&gt;", '"', "&quot;", '\'', "&#39;");

  private static String stylesheet() {
    try (InputStream css = CostPage.class.getResourceAsStream("cost.css")) {
      return new String(
          Objects.requireNonNull(css, "cost.css").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
