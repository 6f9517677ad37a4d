package io.tuneplane.backend.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `checkpoints/` of a run's folder. Kept are the last two and those of the last three epochs, as a
/// runner keeps them (`docs/runner.md`).
///
/// @param folder the run's
record CheckpointShelf(Path folder) {

  private static final int KEPT = 2;
  private static final int KEPT_EPOCHS = 3;
  private static final String PREFIX = "step-";

  /// A checkpoint whose files are what its manifest says.
  ///
  /// @param files relative to its folder, the manifest included
  record Whole(long step, Path path, List<String> files) {}

  /// Whether this very checkpoint is there.
  boolean has(UploadSet.Name name, byte[] manifest) throws IOException {
    Path there = place(name).resolve(UploadSet.MANIFEST);
    return Files.isRegularFile(there) && Arrays.equals(Files.readAllBytes(there), manifest);
  }

  /// Puts a checkpoint, whose files have arrived, into its place, over another one of that step.
  void place(UploadSet set, byte[] manifest) throws IOException {
    DurableFile.write(set.aside().resolve(UploadSet.MANIFEST), manifest);
    DurableFile.forceAll(set.aside());
    Path place = place(set.name());
    Files.createDirectories(DurableFile.folder(place));
    if (Files.exists(place)) {
      Path old = set.aside().resolveSibling("replaced-" + set.name().text());
      DurableFile.delete(old);
      DurableFile.move(place, old);
      DurableFile.move(set.aside(), place);
      DurableFile.delete(old);
    } else {
      DurableFile.move(set.aside(), place);
    }
    deleteOld();
  }

  private Path place(UploadSet.Name name) {
    return shelf().resolve(name.text());
  }

  private Path shelf() {
    return folder.resolve("checkpoints");
  }

  private void deleteOld() throws IOException {
    int seen = 0;
    int epochs = 0;
    for (long step : steps()) {
      boolean kept = seen++ < KEPT;
      if (endsEpoch(shelf().resolve(PREFIX + step))) {
        kept |= epochs++ < KEPT_EPOCHS;
      }
      if (!kept) {
        DurableFile.delete(shelf().resolve(PREFIX + step));
      }
    }
  }

  /// One that can't be read ends none, and goes as any other.
  private static boolean endsEpoch(Path checkpoint) {
    try {
      JsonNode state = RemoteJson.file(checkpoint.resolve("state.json"));
      return state.path("step").asLong() > 0 && state.path("position_in_epoch").asLong(-1) == 0;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /// The newest checkpoint whose files are all there, unharmed.
  Optional<Whole> newest(Digests digests) throws IOException {
    for (long step : steps()) {
      Path path = shelf().resolve(PREFIX + step);
      Optional<List<String>> files = whole(path, digests);
      if (files.isPresent()) {
        return Optional.of(new Whole(step, path, files.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<List<String>> whole(Path checkpoint, Digests digests) throws IOException {
    JsonNode listed;
    try {
      listed = RemoteJson.file(checkpoint.resolve(UploadSet.MANIFEST)).path("files");
    } catch (IOException noneOrBroken) {
      return Optional.empty();
    }
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : listed.properties()) {
      Path file = checkpoint.resolve(each.getKey());
      if (!Files.isRegularFile(file) || !digests.of(file).equals(each.getValue().asText())) {
        return Optional.empty();
      }
      files.add(each.getKey());
    }
    files.add(UploadSet.MANIFEST);
    return files.size() > 1 ? Optional.of(files) : Optional.empty();
  }

  /// Steps that have a folder, the newest first.
  private List<Long> steps() throws IOException {
    if (!Files.isDirectory(shelf())) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(shelf())) {
      return folders
          .map(path -> String.valueOf(path.getFileName()))
          .filter(name -> name.matches("step-[0-9]{1,18}"))
          .map(name -> Long.valueOf(name.substring(PREFIX.length())))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}
