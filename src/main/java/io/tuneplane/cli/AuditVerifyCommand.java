package io.tuneplane.cli;

import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditReport;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check the audit log; exits with 1 and names the first altered, removed, reordered or cut"
          + " off line.",
      "",
      "Keep the head that it prints elsewhere: with --head, nobody can cut the log and its heads"
          + " together."
    })
final class AuditVerifyCommand implements Callable<Integer> {

  private final CliContext context;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--head",
      paramLabel = "HEAD",
      description = "A head that was kept elsewhere, as this command prints it.")
  private @Nullable String head;

  AuditVerifyCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AuditReport report = context.api().audit().verify(Optional.ofNullable(head).map(this::parse));
    output.print(context.terminal(), report, () -> text(report));
    return report.isWhole() ? ExitCode.OK : ExitCode.FAILED;
  }

  private AuditHead parse(String text) {
    return AuditHead.parse(text.strip())
        .orElseThrow(() -> new ParameterException(spec.commandLine(), "not a head: " + text));
  }

  private static String text(AuditReport report) {
    StringBuilder text = new StringBuilder();
    report
        .finding()
        .ifPresentOrElse(
            finding ->
                text.append(
                    "TAMPERED, first at line %d: %s\n".formatted(finding.line(), finding.words())),
            () -> text.append("Whole: %d lines.\n".formatted(report.lines())));
    report
        .clockSetBack()
        .forEach(line ->
            text.append(
                "The clock was set back between the lines before and at %d.\n".formatted(line)));
    if (report.tornEnd()) {
      text.append(
          "Half a line stands at the end, left by a crash; the next start sets it aside.\n");
    }
    report.head().ifPresent(newest -> text.append("Head: ").append(newest.text()).append('\n'));
    return text.toString();
  }
}
