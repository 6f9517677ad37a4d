package io.tuneplane.backend.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.remote.RefusedException.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The files of a result in a run's folder.
///
/// @param folder the run's
record ResultFolder(Path folder) {

  /// Whether these very files are there.
  boolean has(Map<String, String> listed, Digests digests) throws IOException {
    for (Map.Entry<String, String> each : listed.entrySet()) {
      if (!has(each.getKey(), each.getValue(), digests)) {
        return false;
      }
    }
    return true;
  }

  private boolean has(String path, String sha256, Digests digests) throws IOException {
    Path file = folder.resolve(path);
    return Files.isRegularFile(file) && digests.of(file).equals(sha256);
  }

  /// Puts files that have arrived into their places.
  void place(UploadSet set, Map<String, String> listed) throws IOException {
    DurableFile.forceAll(set.aside());
    for (String path : listed.keySet()) {
      Path place = folder.resolve(path);
      Files.createDirectories(DurableFile.folder(place));
      DurableFile.move(set.aside().resolve(path), place);
    }
    DurableFile.force(folder);
    DurableFile.delete(set.aside());
  }

  /// @param result an event that lists files
  /// @throws RefusedException if one of them is not there
  void require(JsonNode result, Digests digests) throws IOException {
    for (JsonNode file : result.path("files")) {
      String path = file.path("path").asText();
      if (!has(path, file.path("sha256").asText(), digests)) {
        throw RefusedException.of(
            Why.RESULT_MISSING, path + " has not arrived with this digest", "file", path);
      }
    }
  }
}
