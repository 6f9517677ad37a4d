package io.tuneplane.runner.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.SafetensorsFile;
import io.tuneplane.model.SafetensorsWriter;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The checkpoints of a run: `checkpoints/step-N/`, each with the adapter in PEFT's layout, the
/// optimiser's moments, `state.json`, and `manifest.json` with the digest of every file. One is
/// written aside and renamed, so a folder with this name is whole unless the disk failed; the
/// digests tell. Kept are the last two, to go on from, and those of the last three epochs, whose
/// adapters users choose from (as many as OpenAI keeps: "Create a fine-tuning job", checkpoints).
final class Checkpoints {

  private static final int KEPT = 2;
  private static final int KEPT_EPOCHS = 3;
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String STATE = "state.json";
  private static final String MANIFEST = "manifest.json";
  private static final List<String> FILES =
      List.of(
          "adapter/" + PeftFolder.CONFIG,
          "adapter/" + PeftFolder.WEIGHTS,
          "adapter/" + PeftFolder.ORIGIN,
          OPTIMIZER,
          STATE);

  private final Path folder;
  private final TrainingJob job;
  private final AdapterLayout layout;
  private final String templateDigest;

  Checkpoints(Path jobFolder, TrainingJob job, AdapterLayout layout, String templateDigest) {
    this.folder = jobFolder.resolve("checkpoints");
    this.job = job;
    this.layout = layout;
    this.templateDigest = templateDigest;
  }

  /// A checkpoint as it was read back.
  record Found(CheckpointState state, Adapter.State adapter) {}

  /// Writes a checkpoint, and deletes those that are no longer kept.
  ///
  /// @return the SHA-256 of its manifest
  String write(CheckpointState state, Adapter.State adapter) throws IOException {
    Path aside = folder.resolve("partial");
    DurableFiles.delete(aside);
    try {
      Files.createDirectories(aside);
      new PeftFolder(aside.resolve("adapter")).write(job, layout, adapter.values(), templateDigest);
      SafetensorsWriter.write(
          aside.resolve(OPTIMIZER),
          List.of(
              SafetensorsWriter.Entry.floats("exp_avg", adapter.first(), (long) layout.size()),
              SafetensorsWriter.Entry.floats("exp_avg_sq", adapter.second(), (long) layout.size())),
          Map.of("order", "adapter"));
      DurableFiles.write(aside.resolve(STATE), RunnerJson.pretty(state));
      DurableFiles.write(aside.resolve(MANIFEST), RunnerJson.pretty(manifest(aside)));
      String digest = DurableFiles.sha256(aside.resolve(MANIFEST));
      DurableFiles.moveFolder(aside, folder.resolve("step-" + state.step()));
      deleteOld();
      return digest;
    } finally {
      DurableFiles.delete(aside);
    }
  }

  private static ObjectNode manifest(Path checkpoint) throws IOException {
    ObjectNode manifest = RunnerJson.MAPPER.createObjectNode();
    ObjectNode files = manifest.put("format", 1).putObject("files");
    for (String name : FILES) {
      files.put(name, DurableFiles.sha256(checkpoint.resolve(name)));
    }
    return manifest;
  }

  private void deleteOld() throws IOException {
    int seen = 0;
    int epochs = 0;
    for (long step : steps()) {
      boolean kept = seen++ < KEPT;
      if (endsEpoch(folder.resolve("step-" + step))) {
        kept |= epochs++ < KEPT_EPOCHS;
      }
      if (!kept) {
        DurableFiles.delete(folder.resolve("step-" + step));
      }
    }
  }

  /// One that can't be read ends none, and goes as any other.
  private static boolean endsEpoch(Path checkpoint) {
    try {
      CheckpointState state = state(checkpoint);
      return state.step() > 0 && state.positionInEpoch() == 0;
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static CheckpointState state(Path checkpoint) throws IOException {
    return RunnerJson.MAPPER.readValue(checkpoint.resolve(STATE).toFile(), CheckpointState.class);
  }

  /// The newest checkpoint that is whole.
  ///
  /// @param broken is given a sentence for each newer one that is not
  Optional<Found> newest(List<String> broken) throws IOException {
    for (long step : steps()) {
      Path checkpoint = folder.resolve("step-" + step);
      Optional<String> fault = fault(checkpoint);
      if (fault.isEmpty()) {
        return Optional.of(read(checkpoint));
      }
      broken.add("checkpoints/step-" + step + " is passed over: " + fault.get());
    }
    return Optional.empty();
  }

  private Optional<String> fault(Path checkpoint) throws IOException {
    Path manifest = checkpoint.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest)) {
      return Optional.of("it has no " + MANIFEST);
    }
    JsonNode files;
    try {
      files = RunnerJson.MAPPER.readTree(manifest.toFile()).path("files");
    } catch (com.fasterxml.jackson.core.JsonProcessingException _) {
      return Optional.of(MANIFEST + " is not JSON");
    }
    for (String name : FILES) {
      Path file = checkpoint.resolve(name);
      if (!Files.isRegularFile(file)
          || !DurableFiles.sha256(file).equals(files.path(name).asText())) {
        return Optional.of(name + " is not the file that was written");
      }
    }
    return Optional.empty();
  }

  private Found read(Path checkpoint) throws IOException {
    CheckpointState state = state(checkpoint);
    if (state.seed() != job.seed()) {
      throw new WrongInput(
          checkpoint + " is of another job: its seed is " + state.seed() + ", not " + job.seed());
    }
    float[] values = new PeftFolder(checkpoint.resolve("adapter")).read(layout);
    try (SafetensorsFile moments = SafetensorsFile.open(checkpoint.resolve(OPTIMIZER))) {
      return new Found(
          state,
          new Adapter.State(
              values,
              PeftFolder.floats(moments.tensor("exp_avg")),
              PeftFolder.floats(moments.tensor("exp_avg_sq"))));
    } catch (ModelException e) {
      throw new WrongInput(String.valueOf(e.getMessage()), e);
    }
  }

  /// Steps that have a folder, the newest first.
  private List<Long> steps() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Long> steps = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .map(p -> p.getFileName().toString())
          .filter(n -> n.matches("step-[0-9]{1,18}"))
          .forEach(n -> steps.add(Long.parseLong(n.substring("step-".length()))));
    }
    steps.sort(Comparator.reverseOrder());
    return steps;
  }
}
