package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.core.JacksonException;
import io.tuneplane.backend.AtomicFile;
import io.tuneplane.backend.ControlLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// The folder of one run: what this backend remembers (`run.json`, `outcome.json`), what is told of
/// the run (`log.jsonl`), and in `work` what the runner fetches and sends (`docs/runner.md`).
///
/// @param path the folder, named as the run's mark
record RunFolder(Path path) {

  private static final String RUN = "run.json";
  private static final String OUTCOME = "outcome.json";

  String mark() {
    return Objects.requireNonNull(path.getFileName()).toString();
  }

  /// Whether there is such a run. Its folder is renamed into place with all that makes it one.
  boolean exists() {
    return Files.exists(path.resolve(RUN));
  }

  /// What the runner works on.
  Path work() {
    return path.resolve("work");
  }

  RunLog log() {
    return new RunLog(path.resolve("log.jsonl"));
  }

  RunnerEvents events() {
    return new RunnerEvents(work().resolve("events.jsonl"));
  }

  /// Held by whoever moves the run on.
  ControlLock lock() throws IOException {
    return ControlLock.take(path.resolve("control.lock"));
  }

  RunRecord record() throws IOException {
    return read(path.resolve(RUN), RunRecord.class);
  }

  void write(RunRecord record) throws IOException {
    AtomicFile.write(path.resolve(RUN), Json.bytes(record));
  }

  JobFile job() throws IOException {
    return read(work().resolve(JobFile.NAME), JobFile.class);
  }

  void write(JobFile job) throws IOException {
    AtomicFile.write(work().resolve(JobFile.NAME), Json.bytes(job));
  }

  Optional<Outcome> outcome() throws IOException {
    try {
      return Optional.of(read(path.resolve(OUTCOME), Outcome.class));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  void write(Outcome outcome) throws IOException {
    AtomicFile.write(path.resolve(OUTCOME), Json.bytes(outcome));
  }

  private static <T> T read(Path file, Class<T> type) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      return Json.MAPPER.readValue(bytes, type);
    } catch (JacksonException e) {
      throw new UnreadableFileException(file, e);
    }
  }
}
