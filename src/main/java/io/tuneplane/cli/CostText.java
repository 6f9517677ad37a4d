package io.tuneplane.cli;

import static java.util.stream.Collectors.joining;

import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostAnswer.Asked;
import io.tuneplane.api.CostAnswer.Breakeven;
import io.tuneplane.api.CostAnswer.Option;
import io.tuneplane.api.CostAnswer.Price;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// The answer of `cost` for people: options side by side, then what stands behind them in words.
final class CostText {

  private static final String UNKNOWN = "unknown";

  private final CostAnswer answer;

  CostText(CostAnswer answer) {
    this.answer = answer;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(asked()).append("\n\n").append(table());
    section(text, "How sure", outlooks());
    section(text, "Breakeven", breakevens());
    section(text, "Models that stop", ends());
    section(text, "Unknown", each(Option::unknown));
    section(text, "Assumed and measured", each(Option::notes));
    section(text, "Left out", answer.leftOut());
    section(text, "Stale prices", stale());
    text.append("\nEvery price with its source and day: -o json, or --html FILE.\n");
    return Terminal.plain(text.toString());
  }

  /// What was computed with, in two sentences.
  String asked() {
    Asked asked = answer.asked();
    String training =
        "%s training tokens (%,d examples of %s tokens, %d epochs), prices of '%s'."
            .formatted(
                group(asked.training().tokens()),
                asked.training().examples(),
                asked.training().tokensPerExample(),
                asked.training().epochs(),
                asked.book());
    return training
        + asked
            .workload()
            .map(load ->
                "\n%s requests a month of %s + %s tokens, %s; %d months from %s."
                    .formatted(
                        range(load.monthlyRequests()),
                        range(load.inputTokens()),
                        range(load.outputTokens()),
                        growth(load.growthPerMonth()),
                        asked.horizonMonths(),
                        asked.from()))
            .orElse("\nNo workload was given (--monthly-requests), so serving is left out.");
  }

  private Table table() {
    int months = answer.asked().horizonMonths();
    Table table =
        new Table("PLACE", "MODEL", ">TRAINING", ">A MONTH", ">A YEAR", ">" + months + " MONTHS");
    for (Option option : answer.options()) {
      table.row(
          option.provider(),
          option.model(),
          amount(option.trainingUsd()),
          answer.asked().workload().isEmpty() ? "-" : amount(option.monthlyUsd()),
          amount(option.annualUsd()),
          amount(option.totalUsd()));
    }
    return table;
  }

  private List<String> outlooks() {
    List<String> lines = new ArrayList<>();
    for (Option option : answer.options()) {
      option
          .outlook()
          .ifPresent(o ->
              lines.add(
                  "%s: %s to %s in 8 of 10 draws, half below %s; cheapest in %s of them%s"
                      .formatted(
                          name(option),
                          dollars(o.p10Usd()),
                          dollars(o.p90Usd()),
                          dollars(o.p50Usd()),
                          percent(o.cheapestShare()),
                          o.movesMost()
                              .map(f -> "; moved most by " + f.replace('_', ' '))
                              .orElse(""))));
    }
    return lines;
  }

  private List<String> breakevens() {
    CostPairs pairs = CostPairs.of(answer);
    return Stream.concat(
            pairs.changes().stream().map(CostText::breakeven),
            pairs.never().stream()
                .map(pair ->
                    "%s is at no volume cheaper than %s"
                        .formatted(pair.getFirst(), pair.getLast())))
        .toList();
  }

  /// The first change of a pair in words, and how many more there are.
  private static String breakeven(List<Breakeven> changes) {
    Breakeven first = changes.getFirst();
    String more =
        changes.size() == 1
            ? ""
            : "; replicas come in steps, so it goes back and forth until %s, and stays from there on"
                .formatted(group(changes.getLast().requestsPerMonth()));
    return "%s is cheaper than %s from %s requests a month%s%s%s"
        .formatted(
            CostPairs.to(first),
            CostPairs.from(first),
            group(first.requestsPerMonth()),
            first.reachedIn().map(month -> ", reached in " + month).orElse(""),
            first.paybackMonths().map(m -> ", paid back in " + m + " month(s)").orElse(""),
            more);
  }

  List<String> ends() {
    List<String> lines = new ArrayList<>();
    for (Option option : answer.options()) {
      option
          .endOfLife()
          .ifPresent(end ->
              lines.add(
                  "%s stops on %s; %s"
                      .formatted(
                          name(option),
                          end.on(),
                          end.successor()
                              .map(next ->
                                  "from then on its total counts %s (%s): %s to retrain, %s to serve"
                                      .formatted(
                                          next.provider(),
                                          next.model(),
                                          dollars(next.retrainUsd()),
                                          dollars(next.servingUsd())))
                              .orElse("what comes after has no known cost"))));
    }
    return lines;
  }

  private List<String> stale() {
    Set<String> lines = new LinkedHashSet<>();
    for (Option option : answer.options()) {
      for (Price price : option.prices()) {
        if (price.stale()) {
          lines.add("%s, read on %s: %s".formatted(price.item(), price.readOn(), price.source()));
        }
      }
    }
    return List.copyOf(lines);
  }

  /// The sentences of the options, each with the options that it holds for.
  List<String> each(Function<Option, List<String>> sentences) {
    Map<String, List<String>> holders = new LinkedHashMap<>();
    for (Option option : answer.options()) {
      for (String sentence : sentences.apply(option)) {
        holders.computeIfAbsent(sentence, _ -> new ArrayList<>()).add(name(option));
      }
    }
    return holders.entrySet().stream()
        .map(entry ->
            entry.getValue().size() == answer.options().size()
                ? entry.getKey()
                : String.join("; ", entry.getValue()) + ": " + entry.getKey())
        .toList();
  }

  private static void section(StringBuilder text, String heading, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append('\n').append(heading).append(":\n");
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  /// `50,000 to 400,000, most likely 100,000`, or a number.
  private static String range(String range) {
    String[] parts = range.split("\\.\\.", -1);
    return parts.length == 3
        ? "%s to %s (most likely %s)"
            .formatted(digits(parts[0]), digits(parts[2]), digits(parts[1]))
        : digits(range);
  }

  private static String growth(String range) {
    if (range.equals("0")) {
      return "steady";
    }
    return "growing by "
        + Stream.of(range.split("\\.\\.", -1)).map(CostText::percent).collect(joining(" .. "))
        + " a month";
  }

  private static String digits(String number) {
    BigDecimal value = new BigDecimal(number).stripTrailingZeros();
    return String.format(Locale.ROOT, "%,." + Math.max(0, value.scale()) + "f", value);
  }

  static String name(Option option) {
    return option.provider() + ", " + option.model();
  }

  static String amount(Optional<String> usd) {
    return usd.map(CostText::dollars).orElse(UNKNOWN);
  }

  static String dollars(String usd) {
    return String.format(Locale.ROOT, "$%,.2f", new BigDecimal(usd));
  }

  static String percent(String share) {
    return new BigDecimal(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }

  static String group(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
