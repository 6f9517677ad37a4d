package io.tuneplane.cli;

import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.ConversionReport;
import io.tuneplane.dataset.ExactTokens;
import io.tuneplane.dataset.Finding;
import io.tuneplane.dataset.ScanReport;
import io.tuneplane.dataset.TokenSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Reports on data, for people.
final class DataText {

  private DataText() {}

  static String check(Path file, CheckReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d examples, %d valid (%s, checked for %s)\n"
            .formatted(
                Terminal.plain(file.toString()),
                report.total(),
                report.valid(),
                report.format().id(),
                report.target().id()));
    text.append(tokens(report.tokens())).append("digest  ").append(report.digest()).append('\n');
    list("errors", report.errors(), report.counts().errors(), text);
    list("warnings", report.warnings(), report.counts().warnings(), text);
    return text.toString();
  }

  private static String tokens(CheckReport.Tokens tokens) {
    Table table = new Table("tokens", ">mean", ">median", ">p95", ">total");
    TokenSummary e = tokens.estimate();
    table.row("estimate (characters / 4)", e.mean(), e.median(), e.p95(), e.total());
    tokens
        .exact()
        .ifPresent(
            (ExactTokens x) -> table.row(x.tokenizer(), x.mean(), x.median(), x.p95(), x.total()));
    return table.toString();
  }

  static String conversion(Path out, ConversionReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d of %d examples written (%s to %s)%s\n"
            .formatted(
                Terminal.plain(out.toString()),
                report.training() + report.validation(),
                report.total(),
                report.from().id(),
                report.to().id(),
                report.validation() > 0
                    ? ", " + report.validation() + " of them for validation"
                    : ""));
    list("not written", report.errors(), report.counts().errors(), text);
    list("losses", report.losses(), report.counts().warnings(), text);
    return text.toString();
  }

  static String scan(Path file, ScanReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d examples, %d finds\n"
            .formatted(Terminal.plain(file.toString()), report.total(), sum(report.counts())));
    Table table = new Table(">line", "kind", "excerpt");
    report.findings().forEach(f -> table.row(f.line(), f.kind().id(), f.excerpt()));
    text.append(table.isEmpty() ? "" : table.toString());
    if (!report.flags().isEmpty()) {
      text.append("flags raised: ").append(String.join(", ", report.flags())).append('\n');
    }
    report.failure().ifPresent(why -> text.append("NOT COMPLETE: ").append(why).append('\n'));
    text.append("Names and addresses are not looked for.\n");
    return text.toString();
  }

  private static void list(
      String title, List<Finding> findings, Map<String, Long> counts, StringBuilder text) {
    if (counts.isEmpty()) {
      return;
    }
    long total = sum(counts);
    text.append('\n').append(total).append(' ').append(title);
    text.append(findings.size() < total ? ", the first " + findings.size() + ":\n" : ":\n");
    Table table = new Table(">line", "rule", "message");
    for (Finding f : findings) {
      table.row(f.line().isPresent() ? f.line().getAsLong() : "", f.rule().id(), f.message());
    }
    text.append(table);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
