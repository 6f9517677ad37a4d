package io.tuneplane.cli;

import io.tuneplane.access.SecretsException;
import io.tuneplane.api.ForbiddenException;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.BackendException;
import io.tuneplane.client.ServerException;
import io.tuneplane.config.ConfigException;
import io.tuneplane.cost.PriceBookException;
import io.tuneplane.dataset.DataException;
import io.tuneplane.decision.DecisionException;
import io.tuneplane.job.AuditException;
import io.tuneplane.job.StorageException;
import io.tuneplane.model.ModelException;
import io.tuneplane.policy.PolicyException;
import io.tuneplane.policy.PolicyRefusedException;

/// Turns what a command threw into a message for people and an exit code. An exception of a kind
/// that is not listed here is a bug, and is printed with its stack.
final class Errors {

  private Errors() {}

  static int report(Exception e, Terminal terminal, boolean verbose) {
    if (verbose) {
      e.printStackTrace(terminal.err());
    }
    return switch (e) {
      case CliException known -> say(known, known.exitCode(), terminal);
      case ServerException known -> say(known, exitCode(known), terminal);
      case RequestException known -> say(known, ExitCode.FAILED, terminal);
      case ForbiddenException known -> say(known, ExitCode.KEY_NEEDED, terminal);
      case NotFoundException known -> say(known, ExitCode.FAILED, terminal);
      case PolicyRefusedException known -> say(known, ExitCode.REFUSED, terminal);
      case PolicyException known -> say(known, ExitCode.USAGE, terminal);
      case DecisionException known -> say(known, ExitCode.USAGE, terminal);
      case StorageException known -> say(known, ExitCode.FAILED, terminal);
      case SecretsException known -> say(known, ExitCode.FAILED, terminal);
      case AuditException known -> say(known, ExitCode.FAILED, terminal);
      case PriceBookException known -> say(known, ExitCode.USAGE, terminal);
      case ConfigException known -> say(known, ExitCode.USAGE, terminal);
      case BackendException.Unauthorized known -> say(known, ExitCode.KEY_NEEDED, terminal);
      case BackendException known -> say(known, ExitCode.FAILED, terminal);
      case DataException known -> say(known, ExitCode.FAILED, terminal);
      case ModelException known -> say(known, ExitCode.FAILED, terminal);
      case java.io.UncheckedIOException known -> say(known, ExitCode.FAILED, terminal);
      case java.nio.file.NoSuchFileException known -> {
        terminal.err().println("tuneplane: no such file: " + known.getFile());
        yield ExitCode.FAILED;
      }
      case java.io.IOException known -> say(known, ExitCode.FAILED, terminal);
      default -> {
        terminal.err().println("tuneplane: this is a bug; please report it with these lines:");
        e.printStackTrace(terminal.err());
        yield ExitCode.FAILED;
      }
    };
  }

  private static int exitCode(ServerException e) {
    return switch (e.kind()) {
      case KEY_NEEDED -> ExitCode.KEY_NEEDED;
      case REFUSED -> ExitCode.REFUSED;
      case WRONG -> ExitCode.USAGE;
      case UNREACHABLE, FAILED -> ExitCode.FAILED;
    };
  }

  private static int say(Exception e, int exitCode, Terminal terminal) {
    terminal.err().println("tuneplane: " + e.getMessage());
    return exitCode;
  }
}
