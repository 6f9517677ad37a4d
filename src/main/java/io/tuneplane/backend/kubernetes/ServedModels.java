package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.core.JacksonException;
import io.tuneplane.backend.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The models that are to answer here, one file each, so that a later process knows them too. Safe
/// for many threads and processes.
///
/// @param directory where the files are
record ServedModels(Path directory) {

  void put(ServedModel model) throws IOException {
    Files.createDirectories(directory);
    AtomicFile.write(file(model.id()), Json.bytes(model));
  }

  Optional<ServedModel> find(String id) throws IOException {
    return id.matches("[0-9a-f]{1,64}") ? read(file(id)) : Optional.empty();
  }

  void remove(String id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  /// Those of one server.
  List<ServedModel> of(String server) throws IOException {
    List<ServedModel> models = new ArrayList<>();
    if (!Files.exists(directory)) {
      return models;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        read(file).filter(m -> m.server().equals(server)).ifPresent(models::add);
      }
    }
    return models;
  }

  private static Optional<ServedModel> read(Path file) throws IOException {
    try {
      return Optional.of(Json.MAPPER.readValue(Files.readAllBytes(file), ServedModel.class));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (JacksonException e) {
      throw new UnreadableFileException(file, e);
    }
  }

  private Path file(String id) {
    return directory.resolve(id + ".json");
  }
}
