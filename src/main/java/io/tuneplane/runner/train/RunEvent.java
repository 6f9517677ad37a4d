package io.tuneplane.runner.train;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened in a run: the part of a line of `events.jsonl` that depends on its type
/// (`docs/schemas/runner/event.schema.json`). Names become snake case; absent figures are left out.
sealed interface RunEvent {

  /// The `type` of the line.
  String type();

  /// Whether it must be on the disk before the run goes on.
  default boolean durable() {
    return false;
  }

  /// Words for people.
  ///
  /// @param level `info`, `warn` or `error`
  /// @param code a stable word for programs where the run ends with this message
  record Message(String level, String text, @Nullable String code) implements RunEvent {

    static Message info(String text) {
      return new Message("info", text, null);
    }

    static Message warn(String text) {
      return new Message("warn", text, null);
    }

    static Message error(String text, String code) {
      return new Message("error", text, code);
    }

    @Override
    public String type() {
      return "message";
    }
  }

  /// The figures of one optimiser step.
  ///
  /// @param step from 1
  /// @param totalSteps how many there will be
  /// @param epoch passes done over the data, a fraction
  /// @param trainLoss mean loss of the step's batch
  /// @param trainMeanTokenAccuracy share of learnt tokens that were the most likely ones; in dpo
  ///   the share of pairs that were ranked right
  /// @param validLoss the same on one batch of the validation set
  /// @param fullValidLoss the same on the whole validation set
  /// @param tokens tokens passed through the model so far, all attempts
  /// @param tokensPerSecond of this step
  /// @param memoryBytes the process's resident memory; absent where the system does not say
  record Metrics(
      long step,
      long totalSteps,
      double epoch,
      double trainLoss,
      double trainMeanTokenAccuracy,
      @Nullable Double validLoss,
      @Nullable Double validMeanTokenAccuracy,
      @Nullable Double fullValidLoss,
      @Nullable Double fullValidMeanTokenAccuracy,
      double learningRate,
      long tokens,
      double tokensPerSecond,
      @Nullable Long memoryBytes)
      implements RunEvent {

    @Override
    public String type() {
      return "metrics";
    }
  }

  /// A checkpoint that is whole on the disk.
  ///
  /// @param epoch the epoch that ends here, from 1, whose adapter is kept for use; absent for a
  ///   checkpoint within an epoch, which is there to go on from and soon replaced
  /// @param path its folder, relative to the job's
  /// @param manifestDigest SHA-256 of its `manifest.json` in hex
  record Checkpoint(
      long step,
      @Nullable Integer epoch,
      String path,
      String manifestDigest,
      @Nullable Double fullValidLoss,
      @Nullable Double fullValidMeanTokenAccuracy)
      implements RunEvent {

    @Override
    public String type() {
      return "checkpoint";
    }

    @Override
    public boolean durable() {
      return true;
    }
  }

  /// The run is done, and this is what it left.
  ///
  /// @param files each file of the result with its SHA-256
  /// @param baseDigest the base weights that the adapter belongs to
  /// @param templateDigest the chat template that it was trained with
  /// @param compute `fp32` or `bf16`
  /// @param tokens tokens passed through the model, all epochs and attempts
  /// @param seconds time at work, all attempts
  record Result(
      List<FileDigest> files,
      String baseDigest,
      String templateDigest,
      String compute,
      long steps,
      long tokens,
      double seconds,
      @Nullable Long peakMemoryBytes)
      implements RunEvent {

    public Result {
      files = List.copyOf(files);
    }

    @Override
    public String type() {
      return "result";
    }

    @Override
    public boolean durable() {
      return true;
    }
  }

  /// A file and its digest.
  ///
  /// @param path relative to the job's folder
  /// @param sha256 in hex
  record FileDigest(String path, String sha256, long bytes) {}
}
