package io.tuneplane.backend.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/// What a runner needs to begin, as it is sent.
///
/// @param attempt the newest attempt
/// @param job `job.json`
/// @param files the inputs
/// @param checkpoint the newest whole checkpoint
/// @param events what happened so far
public record Work(
    int attempt, JsonNode job, List<Input> files, Optional<Checkpoint> checkpoint, Events events) {

  public Work {
    files = List.copyOf(files);
  }

  /// A file that can be fetched.
  ///
  /// @param path its name, and where it shall lie
  public record Input(String path, long bytes, String sha256) {}

  /// A checkpoint to go on from.
  public record Checkpoint(long step, List<Input> files) {

    public Checkpoint {
      files = List.copyOf(files);
    }
  }

  /// The events that are stored.
  ///
  /// @param next the number that the next one has
  public record Events(long bytes, String sha256, long next) {}
}
