package io.tuneplane.migration;

import java.util.List;
import java.util.Locale;

/// What an import came to.
///
/// @param jobs what became of each job of the account, oldest first
/// @param files how many files were brought here
public record ImportReport(List<Line> jobs, int files) {

  public ImportReport {
    jobs = List.copyOf(jobs);
  }

  /// One job.
  ///
  /// @param outcome what became of it: an [Outcome]'s wire name
  /// @param status its status now; empty where it was skipped
  /// @param model the base model
  /// @param notes what is missing, for people
  public record Line(String id, String outcome, String status, String model, List<String> notes) {
    public Line {
      notes = List.copyOf(notes);
    }
  }

  /// What became of a job.
  public enum Outcome {
    /// It is here now.
    ADDED,
    /// It was here, and has moved on.
    UPDATED,
    /// It was here as it is.
    UNCHANGED,
    /// It could not be taken over; the notes say why.
    SKIPPED;

    /// The name in the API.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How many jobs had this outcome.
  public long count(Outcome outcome) {
    return jobs.stream().filter(line -> line.outcome().equals(outcome.wireName())).count();
  }
}
