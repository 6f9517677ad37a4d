package io.tuneplane.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Checks a training file, and a validation file with it: the rules, token counts, duplicates
/// within and across, digests; and writes the valid examples as the runner reads them. Reads each
/// file once, in bounded memory. Safe for many threads.
public final class DatasetCheck {

  private final CheckSettings settings;

  public DatasetCheck(CheckSettings settings) {
    this.settings = settings;
  }

  /// A file to check.
  ///
  /// @param file plain, gzip or zstd; JSONL or a JSON array
  /// @param canonical where to write the valid examples: canonical JSONL, ChatML or OpenAI's pairs;
  ///   what was there is replaced
  public record Input(Path file, Optional<Path> canonical) {}

  /// What the check says of each file.
  ///
  /// @param training the training file's report
  /// @param validation the validation file's report, with the leakage found
  public record Result(CheckReport training, Optional<CheckReport> validation) {}

  /// Told how far a check is.
  public interface Progress {

    /// Nobody listens.
    Progress NONE = (file, bytes) -> {};

    /// Called about once a megabyte, on the caller's thread.
    ///
    /// @param bytes how many bytes of the file were read
    void read(Path file, long bytes);
  }

  /// Checks one file.
  ///
  /// @throws IOException if it can't be read, or the valid examples can't be written
  /// @throws DataException if it is no data file at all
  public CheckReport run(Path file) throws IOException {
    return run(new Input(file, Optional.empty()), Optional.empty(), Progress.NONE).training();
  }

  /// Checks a training file and, if there is one, its validation file.
  ///
  /// @throws IOException if one can't be read, or the valid examples can't be written; then what
  ///   was written is gone
  /// @throws DataException if one is no data file at all
  public Result run(Input training, Optional<Input> validation, Progress progress)
      throws IOException {
    try (Duplicates duplicates = new Duplicates(settings.resources().scratch())) {
      FileCheck train = new FileCheck(settings, duplicates, false);
      FileCheck valid = new FileCheck(settings, duplicates, true);
      train.read(training, progress);
      if (validation.isPresent()) {
        valid.read(validation.get(), progress);
      }
      duplicates.report((ofValidation, f) -> (ofValidation ? valid : train).warn(f));
      return new Result(
          train.report(), validation.isPresent() ? Optional.of(valid.report()) : Optional.empty());
    }
  }
}
