package io.tuneplane.job;

import io.tuneplane.policy.Clearance;
import java.nio.file.Path;
import java.util.List;

/// Turns a request into a plan: checks the data, decides the place, resolves the hyperparameters.
public interface JobPlanner {

  /// A plan, and what to tell about it.
  ///
  /// @param words for the job's events: the choice, and the better places that were not ready
  record Planned(JobPlan plan, List<String> words) {

    public Planned {
      words = List.copyOf(words);
    }
  }

  /// Plans a job.
  ///
  /// Places that the job's course says are closed are not considered.
  ///
  /// @throws JobFailedException if the data is invalid, or no place is left
  Planned plan(Job job);

  /// Where a file of a plan's data lies on this machine.
  Path kept(Path inPlan);

  /// Whether an organisation may ask for a model of this name: one that is known, one of its own,
  /// or one that the hub may have.
  boolean knows(String organisation, String model);

  /// Leave for the job's data to go where the plan says. The audit line is on disk when this
  /// returns.
  ///
  /// @throws io.tuneplane.policy.PolicyRefusedException if it may not
  Clearance clearance(Job job, JobPlan plan);
}
