package io.tuneplane.cli;

import io.tuneplane.api.AttestationCard;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.Purpose;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Attest that data with one flag may go to one place, until a day.",
    footer = {
      "",
      "Example:",
      "  tuneplane attestations add --flag hipaa --destination vertex --region us-central1 \\",
      "      --endpoint training --who a.smith --from 2026-11-24 --until 2027-11-24 \\",
      "      --document BAA-2026-114"
    })
final class AttestationsAddCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  @Option(names = "--flag", required = true, paramLabel = "FLAG", description = "The flag.")
  private String flag = "";

  @Option(
      names = "--destination",
      required = true,
      paramLabel = "BACKEND",
      description = "The place.")
  private String destination = "";

  @Option(
      names = "--endpoint",
      required = true,
      paramLabel = "WHAT",
      description = "training or prompt: they are two questions.")
  private Purpose endpoint = Purpose.TRAINING;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The place's region, where it has one.")
  private @Nullable String region;

  @Option(names = "--who", required = true, paramLabel = "NAME", description = "Who attests it.")
  private String who = "";

  @Option(
      names = "--document",
      required = true,
      paramLabel = "TEXT",
      description = "What it rests on: a contract's number, a report's date.")
  private String document = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "DAY",
      description = "The first day on which it counts, UTC.")
  private LocalDate from = LocalDate.EPOCH;

  @Option(
      names = "--until",
      required = true,
      paramLabel = "DAY",
      description = "The last day on which it counts, UTC.")
  private LocalDate until = LocalDate.EPOCH;

  AttestationsAddCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AttestationCard added =
        context
            .api()
            .attestations()
            .add(
                new Attestation(
                    who,
                    from,
                    until,
                    document,
                    flag.toLowerCase(Locale.ROOT),
                    destination,
                    endpoint,
                    Optional.ofNullable(region)));
    output.print(context.terminal(), added, () -> AttestationsListCommand.table(List.of(added)));
    return ExitCode.OK;
  }
}
