package io.tuneplane.backend.local;

import com.fasterxml.jackson.core.JacksonException;
import io.tuneplane.backend.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The one place for a training on this machine: two at once would halve each other's speed and
/// could need more memory than there is. To be asked and taken under the control lock.
final class TrainingSlot {

  private final Path runs;
  private final Path file;
  private final Children children;

  TrainingSlot(Path runs, Children children) {
    this.runs = runs;
    this.file = runs.resolve("training.json");
    this.children = children;
  }

  private record Holder(String mark, ProcessId child) {}

  /// The mark of the run that is training now, if one is.
  Optional<String> holder() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Holder holder = read();
    RunDirectory run = new RunDirectory(runs.resolve(holder.mark()));
    return children.alive(holder.child(), run.lock())
        ? Optional.of(holder.mark())
        : Optional.empty();
  }

  void take(String mark, ProcessId child) throws IOException {
    AtomicFile.write(file, LocalJson.bytes(new Holder(mark, child)));
  }

  private Holder read() throws IOException {
    try {
      return LocalJson.MAPPER.readValue(Files.readAllBytes(file), Holder.class);
    } catch (JacksonException e) {
      throw new UnreadableFileException(file, e);
    }
  }
}
