package io.tuneplane.cli;

import io.tuneplane.api.FineTuningJob;
import java.time.InstantSource;

/// Watches a job to its end. Whoever presses Ctrl-C stops the watching, not the job, and is told
/// how to go on.
final class Watching {

  private final CliContext context;
  private final InstantSource clock;

  Watching(CliContext context, InstantSource clock) {
    this.context = context;
    this.clock = clock;
  }

  /// Watches a job until it ends.
  ///
  /// @param shown whether progress is shown on the way
  /// @return the job as it ended
  FineTuningJob toTheEnd(String id, boolean shown) {
    Progress progress = new Progress(context.terminal(), clock);
    Thread farewell = new Thread(() -> farewell(id));
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      return context.api().jobs().follow(id, 0, shown ? progress::show : _ -> {});
    } finally {
      remove(farewell);
      progress.end();
    }
  }

  private static void remove(Thread farewell) {
    try {
      Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException _) {
      // This process is ending already, and the farewell is being said.
    }
  }

  private void farewell(String id) {
    context.terminal().err().println();
    context.terminal().err().print(JobText.left(id));
    context.terminal().err().flush();
  }
}
