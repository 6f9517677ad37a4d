package io.tuneplane.cli;

import io.tuneplane.api.DecisionsApi.Decided;
import io.tuneplane.decision.Decision;
import io.tuneplane.decision.Decision.Change;
import io.tuneplane.decision.Decision.Choice;
import io.tuneplane.decision.Decision.Ranked;
import io.tuneplane.decision.Decision.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A decision for people.
final class DecisionText {

  private final Decided decided;
  private final Decision decision;
  private final Terminal terminal;

  DecisionText(Decided decided, Terminal terminal) {
    this.decided = decided;
    this.decision = decided.decision();
    this.terminal = terminal;
  }

  String text() {
    List<String> parts = new ArrayList<>();
    parts.add(
        decision
                .choice()
                .map(choice -> terminal.bold(choice.backend() + " with " + choice.model()))
                .orElse(terminal.bold("No place is left."))
            + "\n"
            + String.join("\n", decision.why())
            + "\n");
    if (!decision.ranked().isEmpty()) {
      parts.add(ranked());
    }
    if (!decision.rejected().isEmpty()) {
      parts.add(rejected());
    }
    section("What would change it:", changes(decision.whatWouldChange()), parts);
    section("What to relax:", changes(decision.relax()), parts);
    section("What providers say of themselves:", decision.advice(), parts);
    parts.add(terminal.dim("Kept as " + decided.id() + "; replay it with --replay.") + "\n");
    return String.join("\n", parts);
  }

  private String ranked() {
    Table table = new Table("PLACE", "MODEL", ">TUNING", ">MONTHLY", ">TOTAL", ">HOURS", "STATE");
    for (Ranked option : decision.ranked()) {
      table.row(
          option.offer().substring(0, option.offer().length() - option.model().length() - 1),
          option.model(),
          usd(option.bill().trainingUsd()),
          usd(option.bill().monthlyUsd()),
          usd(option.totalUsd()),
          option.hoursToResult().map(hours -> hours.toPlainString()).orElse("?"),
          option.state().replace('_', ' '));
    }
    return table.toString();
  }

  private String rejected() {
    Table table = new Table("STRUCK OUT", "RULE", "REASON");
    for (Rejected struck : decision.rejected()) {
      table.row(struck.offer(), struck.rule(), struck.reason());
    }
    return table.toString();
  }

  private static List<String> changes(List<Change> changes) {
    return changes.stream()
        .map(change ->
            "%s: %s"
                .formatted(
                    change.condition(),
                    change.choice().map(DecisionText::words).orElse("nothing would be left")))
        .toList();
  }

  private static String words(Choice choice) {
    return choice.offer() + choice.totalUsd().map(usd -> ", $" + usd).orElse(", cost unknown");
  }

  private static void section(String heading, List<String> lines, List<String> parts) {
    if (!lines.isEmpty()) {
      parts.add(heading + "\n  " + Terminal.plain(String.join("\n  ", lines)) + "\n");
    }
  }

  private static String usd(Optional<String> amount) {
    return amount.map(usd -> "$" + usd).orElse("?");
  }
}
