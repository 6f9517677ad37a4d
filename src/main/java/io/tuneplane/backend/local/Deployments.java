package io.tuneplane.backend.local;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The models that are to answer here, one file each, so that a later process knows them too. Safe
/// for many threads and processes.
final class Deployments {

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

  void remove(String id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  private Path file(String id) {
    return directory.resolve(id + ".json");
  }
}
