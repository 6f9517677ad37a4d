package io.tuneplane.job;

import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.job.JobCourse.Wanted;
import java.time.Instant;

/// What is to be done next for a job.
sealed interface Act {

  /// Nothing any more.
  record Nothing() implements Act {}

  /// Nothing before a time.
  record Wait(Instant until) implements Act {}

  /// Something that needs nobody outside: it only has to be kept.
  record Turn(Kind kind) implements Act {

    enum Kind {
      /// It was cancelled, and no run may exist.
      CANCELLED,
      /// It was paused, and no run may exist.
      HELD,
      /// Whoever was submitting it never told what came of it.
      LEFT_BEHIND
    }
  }

  /// Check the data, decide the place.
  record Plan() implements Act {}

  /// Ask the place for a run; the intent is kept first.
  record Submit() implements Act {}

  /// Ask the place whether it has a run of ours.
  record Find() implements Act {}

  /// Ask how the run is.
  record Observe(RunHandle run, Cursor since) implements Act {}

  /// Tell the place what is wanted of the run.
  record Tell(RunHandle run, Wanted wanted) implements Act {}

  /// Ask whether the tuned model answers as it did in training.
  record Gate() implements Act {}

  /// Keep the weights and the result files.
  record Publish() implements Act {}
}
