package io.tuneplane.backend.local;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// How one start of the runner ended, read from its exit code (`docs/runner.md`) and its last
/// words.
sealed interface Ending {

  /// Stands for the exit code of a process whose living parent did not write it down.
  int UNSEEN = -1;

  /// It is done, and its result is whole.
  record Done(Outcome.Succeeded outcome) implements Ending {}

  /// It is done, but what it left is not what it wrote down.
  record Damaged(String message) implements Ending {}

  /// The input is wrong: the same input fails again.
  record WrongInput(String code, String message) implements Ending {}

  /// Something around it failed.
  record TryAgain(String code, String message) implements Ending {}

  /// It needed more memory than there was.
  record OutOfMemory(String message) implements Ending {}

  /// It was asked to stop, or its parent ended, and it left a checkpoint.
  record Stopped() implements Ending {}

  /// It died.
  record Crashed(String message) implements Ending {}

  /// Reads an exit code.
  ///
  /// @param code empty where nobody saw it: the parent was gone
  /// @param report what the runner told before
  /// @param outOfMemory whether the kernel has killed a process for want of memory meanwhile
  /// @param log the last line of the process's own words; blank for none
  static Ending of(OptionalInt code, AttemptReport report, boolean outOfMemory, String log) {
    if (code.isEmpty()) {
      return new Stopped();
    }
    String words = report.lastWords().map(EventLine::text).orElse("");
    Optional<String> word = report.lastWords().flatMap(EventLine::code);
    return switch (code.getAsInt()) {
      case 10 ->
          new WrongInput(
              word.orElse("invalid_input"), firstOf(words, log, "the runner refused its input"));
      case 20 ->
          new TryAgain(
              word.orElse("try_again"), firstOf(words, log, "the runner asked for another try"));
      case 21 -> new OutOfMemory(firstOf(words, log, "the runner ran out of memory"));
      case 143 -> new Stopped();
      case 137 ->
          outOfMemory
              ? new OutOfMemory("the system killed the runner for want of memory")
              : new Crashed("the runner was killed");
      case UNSEEN -> new Crashed("the runner ended and its exit code could not be recorded");
      default ->
          new Crashed(
              "the runner ended with exit code "
                  + code.getAsInt()
                  + (log.isBlank() ? "" : ": " + log));
    };
  }

  private static String firstOf(String... words) {
    return Arrays.stream(words).filter(w -> !w.isBlank()).findFirst().orElseThrow();
  }
}
