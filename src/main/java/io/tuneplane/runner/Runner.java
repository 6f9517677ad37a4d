package io.tuneplane.runner;

import io.tuneplane.model.ModelException;
import io.tuneplane.runner.remote.RemoteCommand;
import io.tuneplane.runner.remote.RemoteSettings;
import io.tuneplane.runner.serve.GateCommand;
import io.tuneplane.runner.serve.ServeCommand;
import io.tuneplane.runner.train.CalibrateCommand;
import io.tuneplane.runner.train.StopRequest;
import io.tuneplane.runner.train.TrainCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The runner's command line. The contract is in `docs/runner.md`.
public final class Runner {

  private static final String USAGE =
      """
      runner train DIR [--ignore-stdin]   one attempt at the job in DIR
      runner remote                       the same over HTTP, for the run that the environment names
      runner calibrate DIR                how fast this machine trains the model of the job in DIR
      runner serve --model PATH --token-file FILE ...   answers over HTTP
      runner gate --model PATH --golden FILE ...   compares what would serve with its trainer
      """;

  private Runner() {}

  /// Runs a command and exits with its [ExitCode].
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    ExitCode code =
        switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
          case "train" -> train(arguments.subList(1, arguments.size()));
          case "remote" -> arguments.size() == 1 ? remote() : usage();
          case "calibrate" -> calibrate(arguments.subList(1, arguments.size()));
          case "serve" -> serve(arguments.subList(1, arguments.size()));
          case "gate" ->
              new GateCommand(System.out, System.err).run(arguments.subList(1, arguments.size()));
          default -> usage();
        };
    System.exit(code.number());
  }

  private static ExitCode usage() {
    System.err.print(USAGE);
    return ExitCode.USAGE;
  }

  private static ExitCode train(List<String> arguments) {
    List<String> folders = arguments.stream().filter(a -> !a.startsWith("--")).toList();
    List<String> options = arguments.stream().filter(a -> a.startsWith("--")).toList();
    if (folders.size() != 1 || !List.of("--ignore-stdin").containsAll(options)) {
      return usage();
    }
    Signals.ignoreInterrupt();
    StopRequest stop = new StopRequest();
    CountDownLatch ended = new CountDownLatch(1);
    // The hook of SIGTERM: the process exits with 143 once this returns.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopAndAwait(() -> stop.request("SIGTERM"), ended)));
    if (options.isEmpty()) {
      Thread.ofPlatform().daemon().start(() -> stopAtEndOfInput(stop));
    }
    try {
      return new TrainCommand(Path.of(folders.getFirst()), InstantSource.system(), stop).run();
    } catch (RunnerException e) {
      System.err.println(e.getMessage());
      return e.exitCode();
    } finally {
      ended.countDown();
    }
  }

  private static ExitCode remote() {
    Signals.ignoreInterrupt();
    CountDownLatch ended = new CountDownLatch(1);
    try {
      RemoteCommand command =
          new RemoteCommand(RemoteSettings.of(System.getenv()), InstantSource.system(), System.err);
      // The hook of SIGTERM: the process exits with 143 once this returns.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stopAndAwait(() -> command.stop("SIGTERM"), ended)));
      return command.run();
    } catch (RunnerException e) {
      System.err.println(e.getMessage());
      return e.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.TRY_AGAIN;
    } finally {
      ended.countDown();
    }
  }

  private static ExitCode calibrate(List<String> arguments) {
    if (arguments.size() != 1) {
      return usage();
    }
    try {
      System.out.print(new CalibrateCommand(Path.of(arguments.getFirst())).run().json());
      return ExitCode.DONE;
    } catch (RunnerException e) {
      System.err.println(e.getMessage());
      return e.exitCode();
    } catch (ModelException e) {
      System.err.println(e.getMessage());
      return ExitCode.WRONG_INPUT;
    }
  }

  private static ExitCode serve(List<String> arguments) {
    ServeCommand command =
        new ServeCommand(System.in, System.out, System.err, InstantSource.system());
    CountDownLatch ended = new CountDownLatch(1);
    // The hook of SIGTERM: the process exits with 143 once this returns.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndAwait(command::stop, ended)));
    try {
      return command.run(arguments);
    } finally {
      ended.countDown();
    }
  }

  private static void stopAndAwait(Runnable stop, CountDownLatch ended) {
    stop.run();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stopAtEndOfInput(StopRequest stop) {
    byte[] ignored = new byte[256];
    try {
      while (System.in.read(ignored) >= 0) {
        // Whoever started us says nothing on this pipe; only its end means something.
      }
      stop.request("end of standard input");
    } catch (IOException e) {
      stop.request("standard input failed: " + e.getMessage());
    }
  }
}
