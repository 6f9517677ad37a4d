package io.tuneplane.backend.local;

import com.fasterxml.jackson.core.JacksonException;
import io.tuneplane.backend.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The models that are to answer here, one file each, so that a later process knows them too. Safe
/// for many threads and processes.
final class Deployments {

  private static final String SUFFIX = ".json";

  private final Path directory;

  Deployments(Path directory) {
    this.directory = directory;
  }

  void put(DeploymentRecord deployment) throws IOException {
    Files.createDirectories(directory);
    AtomicFile.write(file(deployment.id()), LocalJson.bytes(deployment));
  }

  Optional<DeploymentRecord> find(String id) throws IOException {
    if (!id.matches("[0-9a-f]{1,64}")) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Files.readAllBytes(file(id));
      return Optional.of(LocalJson.MAPPER.readValue(bytes, DeploymentRecord.class));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (JacksonException e) {
      throw new UnreadableFileException(file(id), e);
    }
  }

  /// The newest deployment of a model's name.
  Optional<DeploymentRecord> named(String name) throws IOException {
    if (!Files.exists(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<String> ids =
          files
              .filter(file -> file.toString().endsWith(SUFFIX))
              .sorted(Comparator.comparing(Deployments::changed).reversed())
              .map(file -> String.valueOf(file.getFileName()).replace(SUFFIX, ""))
              .toList();
      for (String id : ids) {
        Optional<DeploymentRecord> found = find(id).filter(known -> known.name().equals(name));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException _) {
      return FileTime.fromMillis(0); // it was removed meanwhile
    }
  }

  void remove(String id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  private Path file(String id) {
    return directory.resolve(id + SUFFIX);
  }
}
