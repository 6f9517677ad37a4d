package io.tuneplane.http;

import io.tuneplane.access.Caller;
import io.tuneplane.access.Replies;
import io.tuneplane.api.Api;
import io.tuneplane.backend.remote.RunnerDoor;
import io.tuneplane.job.Pause;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the server stands on.
///
/// @param api everything that a caller can ask of Tuneplane; called for every request
/// @param authenticate who holds a key; empty for a text that is none
/// @param runners lets runners on other machines in, by their own tokens
/// @param replies answers to requests that must take effect once
/// @param state what it says of itself
/// @param clock tells the time
/// @param pause waits
public record Surroundings(
    Function<Caller, Api> api,
    Function<String, Optional<Caller>> authenticate,
    RunnerDoor runners,
    Replies replies,
    State state,
    InstantSource clock,
    Pause pause) {

  /// What the server says of itself.
  ///
  /// @param version of Tuneplane
  /// @param trouble why it can't do its work now; empty if it can. Asked for every `/readyz`
  /// @param jobsByStatus how many jobs there are, of all organisations, for the metrics
  public record State(
      String version,
      Supplier<Optional<String>> trouble,
      Supplier<Map<String, Long>> jobsByStatus) {}
}
