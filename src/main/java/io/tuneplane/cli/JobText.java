package io.tuneplane.cli;

import io.tuneplane.api.FineTuningJob;
import io.tuneplane.job.JobCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// A job in words.
final class JobText {

  private static final BigDecimal MILLIS_PER_HOUR = BigDecimal.valueOf(3_600_000);
  private static final Set<String> REFUSALS = Set.of("no_place", "refused", "budget_exceeded");

  private JobText() {}

  static String ended(FineTuningJob job) {
    return switch (job.status()) {
      case "succeeded" -> succeeded(job);
      case "failed" -> "Job " + job.id() + " failed: " + error(job) + "\n";
      case "cancelled" -> "Job " + job.id() + " was cancelled.\n";
      default ->
          "Job %s is %s. Go on watching with: tuneplane jobs events %s --follow%n"
              .formatted(job.id(), job.tuneplane().phase(), job.id());
    };
  }

  static String detached(String id) {
    return """
    Job %1$s was created, and goes on by itself.
    Watch it:   tuneplane jobs events %1$s --follow
    Wait:       tuneplane jobs wait %1$s
    End it:     tuneplane jobs cancel %1$s
    """
        .formatted(id);
  }

  /// For whoever stops watching before the end.
  static String left(String id) {
    return """
    Job %1$s goes on without you. Watch it:  tuneplane jobs events %1$s --follow
                                   End it:    tuneplane jobs cancel %1$s
    """
        .formatted(id);
  }

  private static String succeeded(FineTuningJob job) {
    String model = job.fineTunedModel().orElse("");
    Optional<JobCost> actual = job.tuneplane().actual();
    StringBuilder text = new StringBuilder("Tuned model  ").append(model).append('\n');
    actual.ifPresent(
        a -> text.append("Trained      %,d tokens in %s%n".formatted(a.tokens(), time(a))));
    job.tuneplane().gate().ifPresent(g -> text.append("Gate         ").append(g).append('\n'));
    job.tuneplane()
        .warning()
        .ifPresent(w -> text.append("Note         ").append(Terminal.plain(w)).append('\n'));
    return text.append("Talk to it:  tuneplane chat ")
        .append(model)
        .append(" \"...\"\n")
        .toString();
  }

  private static String time(JobCost used) {
    BigDecimal hours = used.hours().orElse(BigDecimal.ZERO);
    Duration d = Duration.ofMillis(hours.multiply(MILLIS_PER_HOUR).longValue());
    return d.toMinutes() > 0
        ? "%d min %d s".formatted(d.toMinutes(), d.toSecondsPart())
        : "%d.%d s".formatted(d.toSeconds(), d.toMillisPart() / 100);
  }

  static String error(FineTuningJob job) {
    return job.error().map(e -> Terminal.plain(e.message())).orElse("no reason was given");
  }

  /// 0 where it succeeded; 3 where policy, a limit or a budget stood in the way; else 1.
  static int exitCode(FineTuningJob job) {
    if (job.status().equals("succeeded")) {
      return ExitCode.OK;
    }
    boolean refused = job.error().filter(e -> REFUSALS.contains(e.code())).isPresent();
    return refused ? ExitCode.REFUSED : ExitCode.FAILED;
  }

  static String details(FineTuningJob job) {
    FineTuningJob.Extra extra = job.tuneplane();
    StringBuilder text = new StringBuilder();
    line(text, "Job", Optional.of(job.id()));
    line(text, "Status", Optional.of(job.status() + " (" + extra.phase() + ")"));
    line(text, "Reason", extra.reason());
    line(text, "Error", job.error().map(e -> e.code() + ": " + e.message()));
    line(text, "Model", Optional.of(job.model()));
    line(text, "Tuned model", job.fineTunedModel());
    line(text, "Backend", extra.backend());
    line(text, "Decision", extra.decisionId());
    line(text, "Data", Optional.of(job.trainingFile()));
    line(text, "Examples", extra.examples().map(String::valueOf));
    line(text, "Left out", extra.examplesLeftOut().filter(n -> n > 0).map(String::valueOf));
    line(text, "Step", extra.step().map(s -> s + "/" + extra.totalSteps().orElse(0L)));
    line(text, "Gate", extra.gate());
    line(text, "Note", extra.warning());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Optional<String> value) {
    value.ifPresent(
        v -> text.append("%-12s %s%n".formatted(name, Terminal.plain(v).replace('\n', ' '))));
  }
}
