package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.local.RunRecord.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Ending CRASH = new Ending.Crashed("it died");
  private static final AttemptReport SILENT =
      new AttemptReport(Optional.empty(), Optional.empty(), 0, OptionalLong.empty());

  @ParameterizedTest
  @EnumSource(Wanted.class)
  void aWholeResultEndsTheRunWhateverWasAsked(Wanted wanted) {
    Outcome.Succeeded outcome = new Outcome.Succeeded("a", "b", 1, 1, 1, 1);

    Next next = after(new Ending.Done(outcome), wanted, Tries.NONE);

    assertThat(next).isEqualTo(new Next.End(outcome));
  }

  @Test
  void aCancelledRunIsNotStartedAgain() {
    assertThat(after(CRASH, Wanted.CANCEL, Tries.NONE))
        .isEqualTo(new Next.End(new Outcome.Cancelled()));
    assertThat(after(new Ending.Stopped(), Wanted.CANCEL, Tries.NONE))
        .isEqualTo(new Next.End(new Outcome.Cancelled()));
  }

  @Test
  void wrongInputIsFinalInTheRunnersWords() {
    Next next = after(new Ending.WrongInput("invalid_input", "line 3"), Wanted.RUN, Tries.NONE);

    assertThat(next).isEqualTo(new Next.End(new Outcome.Failed("invalid_input", "line 3", false)));
  }

  @Test
  void outOfMemoryIsTriedOnceWithLess() {
    Ending ending = new Ending.OutOfMemory("no more");

    Next first = after(ending, Wanted.RUN, Tries.NONE);
    Next second = after(ending, Wanted.RUN, ((Next.Again) first).tries());

    assertThat(((Next.Again) first).tries().lessMemory()).isTrue();
    assertThat(second)
        .isInstanceOfSatisfying(
            Next.End.class,
            end ->
                assertThat(end.outcome())
                    .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        f -> {
                          assertThat(f.code()).isEqualTo("out_of_memory");
                          assertThat(f.message()).contains("Lower tuneplane.lora_rank");
                        }));
  }

  @Test
  void crashesAreBoundedAndWaitLongerEachTime() {
    Next first = after(CRASH, Wanted.RUN, Tries.NONE);
    Next second = after(CRASH, Wanted.RUN, ((Next.Again) first).tries());
    Next third = after(CRASH, Wanted.RUN, ((Next.Again) second).tries());

    assertThat(((Next.Again) first).tries())
        .isEqualTo(new Tries(1, false, NOW.plus(Next.FIRST_WAIT)));
    assertThat(((Next.Again) second).tries())
        .isEqualTo(new Tries(2, false, NOW.plus(Next.FIRST_WAIT.multipliedBy(2))));
    assertThat(third)
        .isEqualTo(
            new Next.End(new Outcome.Failed("runner_crashed", "it died (3 times in a row)", true)));
  }

  @Test
  void aRunThatGetsOnMayCrashAnyNumberOfTimes() {
    Tries tries = new Tries(Next.MOST_FAILURES - 1, false, null);

    Next next = Next.after(CRASH, Wanted.RUN, tries, true, NOW);

    assertThat(((Next.Again) next).tries().failures()).isEqualTo(1);
  }

  @Test
  void aStoppedRunRestsIfThatWasAskedAndGoesOnIfNot() {
    Next asked = after(new Ending.Stopped(), Wanted.PAUSE, Tries.NONE);
    Next unasked = after(new Ending.Stopped(), Wanted.RUN, Tries.NONE);

    assertThat(asked).isEqualTo(new Next.Rest(Tries.NONE));
    assertThat(((Next.Again) unasked).tries().mayStart(NOW)).isTrue();
  }

  @Test
  void aRunThatCrashedWhileItWasAskedToPauseRests() {
    Next next = after(CRASH, Wanted.PAUSE, Tries.NONE);

    assertThat(next).isEqualTo(new Next.Rest(new Tries(1, false, NOW.plus(Duration.ofSeconds(2)))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 134, 139})
  void unknownExitCodesAreCrashesThatShowTheLastWords(int code) {
    Ending ending = Ending.of(OptionalInt.of(code), SILENT, false, "SIGSEGV (0xb)");

    assertThat(ending)
        .isEqualTo(
            new Ending.Crashed("the runner ended with exit code " + code + ": SIGSEGV (0xb)"));
  }

  @Test
  void aKillIsOutOfMemoryWhereTheSystemSaysSo() {
    assertThat(Ending.of(OptionalInt.of(137), SILENT, true, ""))
        .isInstanceOf(Ending.OutOfMemory.class);
    assertThat(Ending.of(OptionalInt.of(137), SILENT, false, ""))
        .isInstanceOf(Ending.Crashed.class);
  }

  @Test
  void anEndThatNobodySawIsAStop() {
    assertThat(Ending.of(OptionalInt.empty(), SILENT, false, "")).isEqualTo(new Ending.Stopped());
  }

  private static Next after(Ending ending, Wanted wanted, Tries tries) {
    return Next.after(ending, wanted, tries, false, NOW);
  }
}
