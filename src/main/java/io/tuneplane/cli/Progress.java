package io.tuneplane.cli;

import io.tuneplane.job.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/// Shows a job's events as they come: one line that is rewritten on a terminal, plain lines in a
/// pipe, at most one every few seconds. Not safe for many threads.
final class Progress {

  private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);
  private static final int BAR = 24;

  private final Terminal terminal;
  private final InstantSource clock;
  private Instant lastPlain = Instant.EPOCH;
  private Instant firstStepAt = Instant.EPOCH;
  private long firstStep;
  private boolean lineOpen;

  Progress(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  void show(JobEvent event) {
    switch (event.type()) {
      case MESSAGE -> message(event);
      case METRICS -> metrics(event);
      case CHECKPOINT -> {}
    }
  }

  /// Ends the line that is being rewritten.
  void end() {
    if (lineOpen) {
      terminal.err().println();
      lineOpen = false;
    }
  }

  private void message(JobEvent event) {
    end();
    String level = event.level() == JobEvent.Level.INFO ? "" : event.level().wireName() + ": ";
    terminal.err().println(level + Terminal.plain(event.message()));
  }

  private void metrics(JobEvent event) {
    Optional<Double> step = number(event, "step");
    Optional<Double> total = number(event, "total_steps");
    if (step.isEmpty() || total.isEmpty()) {
      return;
    }
    long at = step.get().longValue();
    long of = total.get().longValue();
    if (firstStep == 0) {
      firstStep = at;
      firstStepAt = clock.instant();
    }
    String text = line(event, at, of);
    if (terminal.interactive()) {
      terminal.err().print("\r" + bar(at, of) + " " + text + "\u001b[K");
      terminal.err().flush();
      lineOpen = true;
    } else if (at == of || !clock.instant().isBefore(lastPlain.plus(PLAIN_EVERY))) {
      terminal.err().println(text);
      lastPlain = clock.instant();
    }
  }

  private String line(JobEvent event, long step, long total) {
    StringBuilder text = new StringBuilder("step %d/%d".formatted(step, total));
    number(event, "train_loss").ifPresent(v -> text.append(format("  loss %.3f", v)));
    number(event, "valid_loss")
        .or(() -> number(event, "full_valid_loss"))
        .ifPresent(v -> text.append(format("  valid %.3f", v)));
    number(event, "tokens_per_second").ifPresent(v -> text.append(format("  %.0f tok/s", v)));
    left(step, total).ifPresent(d -> text.append("  ").append(clockFace(d)).append(" left"));
    return text.toString();
  }

  private Optional<Duration> left(long step, long total) {
    if (step <= firstStep || step >= total) {
      return Optional.empty();
    }
    Duration spent = Duration.between(firstStepAt, clock.instant());
    return Optional.of(spent.multipliedBy(total - step).dividedBy(step - firstStep));
  }

  private static String bar(long step, long total) {
    int full = (int) (BAR * step / Math.max(1, total));
    return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
  }

  private static String clockFace(Duration d) {
    return d.toHours() > 0
        ? "%d:%02d:%02d".formatted(d.toHours(), d.toMinutesPart(), d.toSecondsPart())
        : "%d:%02d".formatted(d.toMinutes(), d.toSecondsPart());
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }

  private static Optional<Double> number(JobEvent event, String name) {
    return event.data().get(name) instanceof Number n
        ? Optional.of(n.doubleValue())
        : Optional.empty();
  }
}
