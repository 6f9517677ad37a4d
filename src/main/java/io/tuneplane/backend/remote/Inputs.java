package io.tuneplane.backend.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// What a runner may fetch for its work, named as it shall lie in the runner's folder. Names lead
/// to files of ours; no name becomes a path.
///
/// @param job `job.json` with paths of the runner's folder
/// @param files where each input lies here, by its name there
record Inputs(ObjectNode job, SequencedMap<String, Path> files) {

  static final String EVENTS = "events.jsonl";

  private static final String BASE = "base";
  private static final String START = "start_adapter";
  private static final List<String> DATA = List.of("train", "validation");

  /// The inputs of a run as they are now.
  static Inputs of(Admitted admitted) throws IOException {
    Path folder = admitted.path();
    ObjectNode job = RemoteJson.file(folder.resolve("job.json"));
    job.put("attempt", admitted.attempt());
    SequencedMap<String, Path> files = new LinkedHashMap<>();
    for (String part : DATA) {
      if (job.path("data").hasNonNull(part)) {
        String name = job.path("data").path(part).asText();
        files.put(plain(name), folder.resolve(plain(name)));
      }
    }
    if (job.get("base_model") instanceof ObjectNode base) {
      base.put("path", base(admitted.base(), files));
    }
    if (job.get("start_adapter") instanceof ObjectNode start) {
      all(Path.of(start.path("path").asText()), START, files);
      start.put("path", START);
    }
    return new Inputs(job, files);
  }

  private static String base(Path model, SequencedMap<String, Path> files) throws IOException {
    if (Files.isDirectory(model)) {
      all(model, BASE, files);
      return BASE;
    }
    String name = BASE + "/" + plain(String.valueOf(model.getFileName()));
    files.put(name, model);
    return name;
  }

  /// Files that can carry code stay here: no runner reads them.
  private static void all(Path folder, String under, SequencedMap<String, Path> files)
      throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.sorted().filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        if (FileName.isHarmless(name) && !name.startsWith(".")) {
          files.put(under + "/" + name, file);
        }
      }
    }
  }

  private static String plain(String name) throws IOException {
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")) {
      throw new IOException("job.json names a file that is none of its folder: " + name);
    }
    return name;
  }
}
