package io.tuneplane.cli;

import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.JobsApi;
import io.tuneplane.api.Json;
import io.tuneplane.job.JobEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = {
      "What happened to a job, oldest first.",
      "",
      "With --follow, each as it comes until the job ends; '-o json' then prints one a line."
    })
final class JobsEventsCommand implements Callable<Integer> {

  private static final int PAGE = 100;

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  @Option(
      names = "--after",
      defaultValue = "0",
      paramLabel = "SEQ",
      description = "Only events behind this one.")
  private long after;

  @Option(
      names = {"-f", "--follow"},
      description = "Wait for more until the job ends.")
  private boolean follow;

  JobsEventsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (follow) {
      FineTuningJob ended = context.api().jobs().follow(id, after, this::print);
      context.terminal().err().print(JobText.ended(ended));
      return JobText.exitCode(ended);
    }
    List<JobEvent> events = all(context.api().jobs());
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

  private void print(JobEvent event) {
    String text =
        output.format() == OutputFormat.TABLE
            ? "%d  %s  %s".formatted(event.seq(), event.at(), Terminal.plain(event.message()))
            : Json.line(event);
    context.terminal().out().println(text);
    context.terminal().out().flush();
  }

  /// Page by page, from the newest back to the first that is wanted.
  private List<JobEvent> all(JobsApi jobs) {
    List<JobEvent> newestFirst = new ArrayList<>();
    List<JobEvent> page = jobs.events(id, Optional.empty(), PAGE);
    while (!page.isEmpty() && newestFirst.addAll(page) && page.getLast().seq() > after + 1) {
      page = jobs.events(id, Optional.of(page.getLast().seq()), PAGE);
    }
    return newestFirst.reversed().stream().filter(event -> event.seq() > after).toList();
  }
}
