package io.tuneplane.job;

import java.util.Optional;

/// Makes sure that one process at a time works on a job. Ownership ends with the process, however
/// it ends.
public interface JobOwners {

  /// Takes a job.
  ///
  /// @return empty while somebody else has it
  Optional<Ownership> tryOwn(String id);

  /// A job that is ours until closed.
  interface Ownership extends AutoCloseable {

    @Override
    void close();
  }
}
