package io.tuneplane.runner;

import io.tuneplane.runner.train.TrainingJob;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/// The runner's command line: `train DIR`, `calibrate DIR`, `serve ...`. The contract is in
/// `docs/runner.md`.
public final class Runner {

  private Runner() {}

  /// Runs a command and exits with its [ExitCode].
  public static void main(String[] args) {
    System.exit(run(List.of(args), System.err).number());
  }

  private static ExitCode run(List<String> args, PrintStream err) {
    if (args.size() == 2 && args.getFirst().equals("train")) {
      try {
        TrainingJob.read(Path.of(args.get(1)).resolve("job.json"));
      } catch (RunnerException e) {
        err.println(e.getMessage());
        return e.exitCode();
      }
    }
    return ExitCode.USAGE;
  }
}
