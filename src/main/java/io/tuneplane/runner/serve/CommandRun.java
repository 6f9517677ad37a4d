package io.tuneplane.runner.serve;

import io.tuneplane.model.ModelException;
import io.tuneplane.model.TemplateException;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.serve.engine.AdapterException;
import io.tuneplane.runner.serve.engine.EngineException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// Reads a command's options, runs it, and says how it ended.
final class CommandRun {

  private CommandRun() {}

  /// A command whose options picocli fills in.
  interface Task extends Callable<ExitCode> {
    @Override
    ExitCode call() throws IOException, InterruptedException;
  }

  static ExitCode of(Task task, List<String> arguments, PrintStream err) {
    try {
      new CommandLine(task).parseArgs(arguments.toArray(String[]::new));
      return task.call();
    } catch (ParameterException | TypeConversionException | IllegalArgumentException e) {
      err.println(e.getMessage());
      return ExitCode.USAGE;
    } catch (ModelException
        | TemplateException
        | AdapterException
        | EngineException
        | ApiException e) {
      err.println(e.getMessage());
      return ExitCode.WRONG_INPUT;
    } catch (IOException | UncheckedIOException e) {
      err.println(e.getMessage());
      return ExitCode.TRY_AGAIN;
    } catch (OutOfMemoryError e) {
      err.println("Not enough memory: " + e.getMessage());
      return ExitCode.OUT_OF_MEMORY;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.STOPPED;
    }
  }
}
