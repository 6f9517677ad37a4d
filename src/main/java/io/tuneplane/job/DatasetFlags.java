package io.tuneplane.job;

import java.util.Set;

/// Remembers what data was flagged, by its digest: a flag that was once put on data holds for every
/// later job on the same data, whoever asks. Safe for many threads and processes.
public interface DatasetFlags {

  /// Everything that data was ever flagged.
  ///
  /// @param digest the dataset's digest in hex
  Set<String> of(String organisation, String digest);

  /// Adds flags; those that are there already stay. On disk when this returns.
  void add(String organisation, String digest, Set<String> flags);
}
