package io.tuneplane.cli;

import io.tuneplane.api.FineTuningJob;
import io.tuneplane.job.JobEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "List jobs, look at one, cancel one.")
final class JobsCommand implements Runnable {

  private final CliContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  JobsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say list, get, events or cancel");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All jobs, newest first.")
  int list(@Mixin OutputOption output) {
    List<FineTuningJob> jobs = context.api().jobs().list(Optional.empty(), 100, Map.of());
    output.print(
        context.terminal(),
        jobs,
        () -> {
          Table table = new Table("JOB", "CREATED", "STATUS", "BACKEND", "MODEL");
          jobs.forEach(job ->
              table.row(
                  job.id(),
                  Instant.ofEpochSecond(job.createdAt()),
                  job.status(),
                  job.tuneplane().backend().orElse("-"),
                  job.fineTunedModel().orElse(job.model())));
          return table.isEmpty() ? "No jobs yet. Start one with: tuneplane tune FILE" : table + "";
        });
    return ExitCode.OK;
  }

  @Command(name = "get", mixinStandardHelpOptions = true, description = "One job.")
  int get(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    FineTuningJob job = context.api().jobs().get(id);
    output.print(context.terminal(), job, () -> JobText.details(job));
    return ExitCode.OK;
  }

  @Command(
      name = "events",
      mixinStandardHelpOptions = true,
      description = "What happened to a job, oldest first.")
  int events(
      @Parameters(paramLabel = "ID") String id,
      @Option(
              names = "--after",
              defaultValue = "0",
              paramLabel = "SEQ",
              description = "Only events behind this one.")
          long after,
      @Mixin OutputOption output) {
    List<JobEvent> events =
        context.api().jobs().events(id, Optional.empty(), 10_000).reversed().stream()
            .filter(e -> e.seq() > after)
            .toList();
    output.print(
        context.terminal(),
        events,
        () -> {
          Table table = new Table(">SEQ", "AT", "TYPE", "MESSAGE");
          events.forEach(e -> table.row(e.seq(), e.at(), e.type().wireName(), e.message()));
          return table.toString();
        });
    return ExitCode.OK;
  }

  @Command(name = "cancel", mixinStandardHelpOptions = true, description = "End a job.")
  int cancel(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    FineTuningJob job = context.api().jobs().cancel(id);
    output.print(context.terminal(), job, () -> JobText.details(job));
    return ExitCode.OK;
  }
}
