package io.tuneplane.cli;

import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.JobsApi;
import io.tuneplane.job.JobCheckpoint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine;
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
    description = "List jobs, look at one, watch, pause, resume or cancel one.")
final class JobsCommand implements Runnable {

  private final CliContext context;
  private final InstantSource clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  private JobsCommand(CliContext context, InstantSource clock) {
    this.context = context;
    this.clock = clock;
  }

  static CommandLine with(CliContext context, InstantSource clock) {
    return new CommandLine(new JobsCommand(context, clock))
        .addSubcommand(new JobsEventsCommand(context));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say list, get, events, cancel, pause, resume, checkpoints or wait");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Jobs, newest first.")
  int list(
      @Option(
              names = {"-n", "--limit"},
              paramLabel = "N",
              defaultValue = "100",
              description = "How many at most (default: 100).")
          int limit,
      @Option(names = "--after", paramLabel = "ID", description = "Only those before this one.")
          Optional<String> after,
      @Option(
              names = "--metadata",
              paramLabel = "KEY=VALUE",
              description = "Only those with this label.")
          Map<String, String> metadata,
      @Mixin OutputOption output) {
    Map<String, String> labels = metadata == null ? Map.of() : metadata;
    List<FineTuningJob> jobs = context.api().jobs().list(after, limit, labels);
    output.print(context.terminal(), jobs, () -> table(jobs));
    return ExitCode.OK;
  }

  private static String table(List<FineTuningJob> jobs) {
    Table table = new Table("JOB", "CREATED", "STATUS", "BACKEND", "MODEL");
    jobs.forEach(job ->
        table.row(
            job.id(),
            Instant.ofEpochSecond(job.createdAt()),
            job.tuneplane().paused() ? "paused" : job.status(),
            job.tuneplane().backend().orElse("-"),
            job.fineTunedModel().orElse(job.model())));
    return table.isEmpty() ? "No jobs yet. Start one with: tuneplane tune FILE" : table.toString();
  }

  @Command(name = "get", mixinStandardHelpOptions = true, description = "One job.")
  int get(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    return show(id, output, JobsApi::get);
  }

  @Command(name = "cancel", mixinStandardHelpOptions = true, description = "End a job.")
  int cancel(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    return show(id, output, JobsApi::cancel);
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Stop a job after a checkpoint, and keep what it has.")
  int pause(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    return show(id, output, JobsApi::pause);
  }

  @Command(name = "resume", mixinStandardHelpOptions = true, description = "Let it go on.")
  int resume(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    return show(id, output, JobsApi::resume);
  }

  private int show(
      String id, OutputOption output, BiFunction<JobsApi, String, FineTuningJob> question) {
    FineTuningJob job = question.apply(context.api().jobs(), id);
    output.print(context.terminal(), job, () -> JobText.details(job));
    return ExitCode.OK;
  }

  @Command(
      name = "wait",
      mixinStandardHelpOptions = true,
      description = "Wait for a job's end; exits with 0 where it succeeded.")
  int await(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    FineTuningJob ended = new Watching(context, clock).toTheEnd(id, false);
    output.print(context.terminal(), ended, () -> JobText.ended(ended));
    return JobText.exitCode(ended);
  }

  @Command(
      name = "checkpoints",
      mixinStandardHelpOptions = true,
      description = "A job's checkpoints that can be called, newest first.")
  int checkpoints(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    List<JobCheckpoint> kept = context.api().jobs().checkpoints(id, Optional.empty(), 100);
    output.print(
        context.terminal(),
        kept,
        () -> {
          Table table = new Table(">STEP", "AT", ">LOSS", "MODEL");
          kept.forEach(c ->
              table.row(
                  c.step(),
                  c.at(),
                  c.metrics().containsKey("train_loss")
                      ? "%.3f".formatted(c.metrics().get("train_loss"))
                      : "",
                  c.reference()));
          return table.isEmpty() ? "No checkpoints yet." : table.toString();
        });
    return ExitCode.OK;
  }
}
