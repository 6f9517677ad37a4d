package io.tuneplane.store;

import io.tuneplane.job.JobStore;
import io.tuneplane.job.JobStore.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The folders of jobs, each with the copy of the data that is trained on; gone after the job has
/// ended. Safe for many threads.
public final class JobFolders {

  /// How long the folder of a job that is not known stays.
  static final Duration GRACE = Duration.ofDays(1);

  private final Path root;
  private final JobStore jobs;

  /// @param root the folder of folders, which the servers of a database share
  public JobFolders(Path root, JobStore jobs) {
    this.root = root;
    this.jobs = jobs;
  }

  /// Removes the folders of jobs that have ended. Called at start, and once a day or so.
  ///
  /// @throws IOException if one can't be read or removed
  public void sweep(Instant now) throws IOException {
    try (Stream<Path> folders = Files.exists(root) ? Files.list(root) : Stream.empty()) {
      List<Path> all = folders.toList();
      for (Path folder : all) {
        if (isOver(folder, now.minus(GRACE))) {
          Folders.remove(folder);
        }
      }
    }
  }

  private boolean isOver(Path folder, Instant old) {
    Optional<Stored> stored = jobs.load(String.valueOf(folder.getFileName()));
    return stored.map(s -> s.job().ended()).orElseGet(() -> Artifacts.isOlder(folder, old));
  }
}
