package io.tuneplane.api;

import io.tuneplane.migration.ImportReport;
import io.tuneplane.migration.Likeness;
import io.tuneplane.migration.ParityRecorder.Recording;
import java.io.IOException;

/// Moving what was tuned in one place to another.
public interface MigrationsApi {

  /// Takes over what this installation's account at a place holds. May be asked as often as one
  /// likes.
  ///
  /// @param backend the place, e.g. `openai`
  /// @throws RequestException if nothing can be imported from there
  /// @throws IOException if a file can't be read or kept; what was imported before stays
  ImportReport importFrom(String backend) throws IOException;

  /// What a job like an old one would be asked with elsewhere, and why. Starts nothing.
  ///
  /// @throws NotFoundException if there is no such job
  Likeness like(String job, Likeness.Wish wish);

  /// Keeps what the model of an old job answers to prompts of its validation set.
  ///
  /// @param prompts how many, from the set's start; each is paid for
  /// @param termsConfirmed whether the user has said that the provider's terms allow it
  /// @return what was sent and used, and the file with the answers
  /// @throws NotFoundException if there is no such job, or it left no model
  /// @throws RequestException if the terms were not confirmed, or there is nothing to ask
  /// @throws IOException if a file can't be read or kept
  /// @throws InterruptedException if the thread was asked to stop; nothing is kept then
  Recording recordParity(String job, int prompts, boolean termsConfirmed)
      throws IOException, InterruptedException;
}
