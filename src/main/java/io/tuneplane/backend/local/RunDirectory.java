package io.tuneplane.backend.local;

import com.fasterxml.jackson.core.JacksonException;
import io.tuneplane.backend.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The folder of one run: what the runner reads and writes (`docs/runner.md`), and beside it what
/// this backend remembers of the run (`run.json`, `exit.json`, `outcome.json`).
///
/// @param path the folder, named as the run's mark
record RunDirectory(Path path) {

  static final String TRAIN = "train.jsonl";
  static final String VALIDATION = "validation.jsonl";

  private static final String JOB = "job.json";
  private static final String RUN = "run.json";
  private static final String EXIT = "exit.json";
  private static final String OUTCOME = "outcome.json";

  String mark() {
    return path.getFileName().toString();
  }

  /// Whether there is such a run. Its folder is renamed into place with all that makes it one.
  boolean exists() {
    return Files.exists(path.resolve(RUN));
  }

  EventLog events() {
    return new EventLog(path.resolve("events.jsonl"));
  }

  Path adapter() {
    return path.resolve("adapter");
  }

  Path golden() {
    return path.resolve("golden.jsonl");
  }

  /// What the process says that is no event: warnings of libraries, a stack trace.
  Path words() {
    return path.resolve("runner.log");
  }

  /// The file that a runner at work here holds locked.
  Path lock() {
    return path.resolve("lock");
  }

  JobFile job() throws IOException {
    return read(JOB, JobFile.class);
  }

  void write(JobFile job) throws IOException {
    AtomicFile.write(path.resolve(JOB), LocalJson.bytes(job));
  }

  RunRecord record() throws IOException {
    return read(RUN, RunRecord.class);
  }

  void write(RunRecord record) throws IOException {
    AtomicFile.write(path.resolve(RUN), LocalJson.bytes(record));
  }

  Optional<ExitRecord> exit() throws IOException {
    return readIfThere(EXIT, ExitRecord.class);
  }

  void write(ExitRecord exit) throws IOException {
    AtomicFile.write(path.resolve(EXIT), LocalJson.bytes(exit));
  }

  /// How the run ended. Never changes once it is there.
  Optional<Outcome> outcome() throws IOException {
    return readIfThere(OUTCOME, Outcome.class);
  }

  void write(Outcome outcome) throws IOException {
    AtomicFile.write(path.resolve(OUTCOME), LocalJson.bytes(outcome));
  }

  private <T> Optional<T> readIfThere(String name, Class<T> type) throws IOException {
    try {
      return Optional.of(read(name, type));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private <T> T read(String name, Class<T> type) throws IOException {
    Path file = path.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    try {
      return LocalJson.MAPPER.readValue(bytes, type);
    } catch (JacksonException e) {
      throw new UnreadableFileException(file, e);
    }
  }
}
