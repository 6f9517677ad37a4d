package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.AtomicFile;
import io.tuneplane.backend.ControlLock;
import io.tuneplane.backend.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Makes a run's folder: everything is written aside, and one rename makes it a run. A kill in
/// between leaves nothing that looks like one; what it leaves is cleared away by the next
/// submission of the mark.
final class Submission {

  private final Path runs;

  Submission(Path runs) {
    this.runs = runs;
  }

  /// Makes the folder of a run that isn't there yet; of several callers one does.
  ///
  /// @return whether this call made it
  boolean create(RunFolder run, TrainingSpec spec, JobFile job, RunRecord record)
      throws IOException {
    Files.createDirectories(runs);
    try (ControlLock _ = ControlLock.take(runs.resolve("submit.lock"))) {
      if (run.exists()) {
        return false;
      }
      Path aside = runs.resolve(".new-" + run.mark());
      delete(aside);
      try {
        fill(new RunFolder(Files.createDirectories(aside)), spec, job, record);
        Files.move(aside, run.path(), StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncFolder(runs);
      } finally {
        delete(aside);
      }
      return true;
    }
  }

  private static void fill(RunFolder run, TrainingSpec spec, JobFile job, RunRecord record)
      throws IOException {
    Path work = Files.createDirectories(run.work());
    AtomicFile.copy(spec.trainingFile(), work.resolve(JobFile.TRAIN));
    if (spec.validationFile().isPresent()) {
      AtomicFile.copy(spec.validationFile().get(), work.resolve(JobFile.VALIDATION));
    }
    run.write(job);
    run.write(record);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
