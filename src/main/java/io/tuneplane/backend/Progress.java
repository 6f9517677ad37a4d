package io.tuneplane.backend;

import java.time.Duration;
import java.util.List;

/// What one look at a run showed. A place may give its events in pages: the events of a run that
/// has ended are all read once a look brings none.
///
/// @param state the state now
/// @param events what happened after the cursor, oldest first, each once
/// @param next the cursor for the next look
/// @param pollAfter how long to wait before it
public record Progress(
    RunState state, List<TrainingEvent> events, Cursor next, Duration pollAfter) {

  public Progress {
    events = List.copyOf(events);
  }
}
