package io.tuneplane.cli;

import io.tuneplane.api.AttestationCard;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Every attestation, from the policy file and the audit log.")
final class AttestationsListCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  AttestationsListCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<AttestationCard> all = context.api().attestations().list();
    output.print(
        context.terminal(),
        all,
        () -> all.isEmpty() ? "No attestation: flagged data stays on own hardware." : table(all));
    return ExitCode.OK;
  }

  static String table(List<AttestationCard> attestations) {
    Table table =
        new Table("FLAG", "PLACE", "FOR", "REGION", "FROM", "UNTIL", "VALID", "WHO", "DOCUMENT");
    for (AttestationCard a : attestations) {
      table.row(
          a.flag(),
          a.destination(),
          a.endpoint(),
          a.region().orElse("-"),
          a.when(),
          a.until(),
          a.valid() ? "yes" : "no",
          a.who(),
          a.document());
    }
    return table.toString();
  }
}
