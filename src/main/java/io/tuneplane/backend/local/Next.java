package io.tuneplane.backend.local;

import io.tuneplane.backend.TrainingEvent.Level;
import io.tuneplane.backend.local.RunRecord.Wanted;
import java.time.Duration;
import java.time.Instant;

/// What happens to a run after one start of its runner has ended.
sealed interface Next {

  /// Starts in a row that may fail without a new checkpoint between them.
  int MOST_FAILURES = 3;

  /// The wait after the first failure; it doubles with each.
  Duration FIRST_WAIT = Duration.ofSeconds(2);

  /// It is over.
  record End(Outcome outcome) implements Next {}

  /// It rests until it is resumed.
  record Rest(Tries tries) implements Next {}

  /// It starts again.
  ///
  /// @param note why, for people
  record Again(Tries tries, Level level, String note) implements Next {}

  /// Decides. Pure.
  ///
  /// @param ending how the start ended
  /// @param wanted what was asked of the run last
  /// @param tries what had gone wrong before
  /// @param gotOn whether this start wrote a checkpoint that is further on than any before
  /// @param now the time
  static Next after(Ending ending, Wanted wanted, Tries tries, boolean gotOn, Instant now) {
    if (ending instanceof Ending.Done done) {
      return new End(done.outcome());
    }
    if (wanted == Wanted.CANCEL) {
      return new End(new Outcome.Cancelled());
    }
    Next next = again(ending, gotOn ? tries.forgiven() : tries, now);
    return wanted == Wanted.PAUSE && next instanceof Again again ? new Rest(again.tries()) : next;
  }

  private static Next again(Ending ending, Tries tries, Instant now) {
    return switch (ending) {
      case Ending.Done done -> new End(done.outcome());
      case Ending.WrongInput wrong ->
          new End(new Outcome.Failed(wrong.code(), wrong.message(), false));
      case Ending.Damaged damaged ->
          new End(
              new Outcome.Failed(
                  "result_damaged", damaged.message() + "; submit the job again", true));
      case Ending.OutOfMemory memory -> withLessMemory(memory, tries);
      case Ending.Stopped _ ->
          new Again(tries.forgiven(), Level.INFO, "goes on from its last checkpoint");
      case Ending.TryAgain again -> afterFailure(again.code(), again.message(), tries, now);
      case Ending.Crashed crash -> afterFailure("runner_crashed", crash.message(), tries, now);
    };
  }

  private static Next withLessMemory(Ending.OutOfMemory memory, Tries tries) {
    return tries.lessMemory()
        ? new End(
            new Outcome.Failed(
                "out_of_memory",
                memory.message()
                    + "; it was tried with half the memory too. Lower tuneplane.lora_rank, shorten"
                    + " the longest examples, or take a smaller model",
                false))
        : new Again(
            tries.withLessMemory(),
            Level.WARN,
            memory.message()
                + "; starts again with half the examples in memory at once and the same batch"
                + " size");
  }

  private static Next afterFailure(String code, String message, Tries tries, Instant now) {
    int failures = tries.failures() + 1;
    if (failures >= MOST_FAILURES) {
      return new End(
          new Outcome.Failed(code, message + " (" + failures + " times in a row)", true));
    }
    Duration wait = FIRST_WAIT.multipliedBy(1L << (failures - 1));
    return new Again(
        tries.failed(now.plus(wait)),
        Level.WARN,
        message + "; goes on from its last checkpoint in " + wait.toSeconds() + " s");
  }
}
