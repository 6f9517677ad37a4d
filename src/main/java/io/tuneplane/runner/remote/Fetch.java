package io.tuneplane.runner.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.runner.RunnerException.TryAgain;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Lays a run's inputs down in the runner's folder, each compared with its digest.
final class Fetch {

  private static final String BASE = "base";
  private static final int TRIES = 3;

  private final ControlPlane plane;
  private final Path folder;
  private final Optional<Path> models;
  private final Patience patience;

  /// @param folder made, or emptied of what an earlier attempt in it has left
  /// @param models where base models may lie already
  Fetch(ControlPlane plane, Path folder, Optional<Path> models, Patience patience) {
    this.plane = plane;
    this.folder = folder;
    this.models = models;
    this.patience = patience;
  }

  /// Fetches all of the work.
  ///
  /// @throws TryAgain if a digest is wrong again and again, or the disk fails
  void all(JsonNode work) throws RemoteException, InterruptedException {
    try {
      clear();
      List<JsonNode> files = list(work.path("files"));
      Optional<Path> base = baseHere(work, files);
      for (JsonNode file : files) {
        if (base.isEmpty() || !isBase(file)) {
          fetch(file);
        }
      }
      for (JsonNode file : list(work.at("/checkpoint/files"))) {
        fetch(file);
      }
      events(work.path("events"));
      Files.write(
          folder.resolve("job.json"),
          ControlPlane.JSON.writeValueAsBytes(job(work.path("job").deepCopy(), base)));
    } catch (IOException e) {
      throw new TryAgain("the inputs can't be laid down: " + e, e);
    }
  }

  /// Another attempt may have worked here before: what counts is what the control plane has.
  private void clear() throws IOException {
    Files.createDirectories(folder);
    WorkFolder.delete(folder.resolve("checkpoints"));
    Files.deleteIfExists(folder.resolve("events.jsonl"));
  }

  private static List<JsonNode> list(JsonNode files) {
    List<JsonNode> all = new ArrayList<>();
    files.forEach(all::add);
    return all;
  }

  private static boolean isBase(JsonNode file) {
    return file.path("path").asText().startsWith(BASE + "/");
  }

  /// The base model where a copy of it lies on this machine, the same byte for byte.
  private Optional<Path> baseHere(JsonNode work, List<JsonNode> files) throws IOException {
    String name = work.at("/job/base_model/name").asText().replace("/", "--");
    if (models.isEmpty() || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      return Optional.empty();
    }
    Path here = models.get().resolve(name);
    for (JsonNode file : files) {
      if (isBase(file)) {
        Path copy = here.resolve(file.path("path").asText().substring(BASE.length() + 1));
        if (!Files.isRegularFile(copy)
            || Files.size(copy) != file.path("bytes").asLong()
            || !WorkFolder.sha256(copy).equals(file.path("sha256").asText())) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(here);
  }

  private void events(JsonNode events) throws IOException, RemoteException, InterruptedException {
    if (events.path("bytes").asLong() > 0) {
      fetch(((ObjectNode) events.deepCopy()).put("path", "events.jsonl"));
    }
  }

  private JsonNode job(ObjectNode job, Optional<Path> base) {
    ObjectNode model = (ObjectNode) job.path("base_model");
    String path = model.path("path").asText();
    model.put(
        "path",
        base.map(here -> here.resolve(path.substring(BASE.length()).replaceFirst("^/", "")))
            .orElseGet(() -> folder.resolve(path))
            .toString());
    if (job.get("start_adapter") instanceof ObjectNode start) {
      start.put("path", folder.resolve(start.path("path").asText()).toString());
    }
    return job;
  }

  private void fetch(JsonNode file) throws IOException, RemoteException, InterruptedException {
    String name = file.path("path").asText();
    String sha256 = file.path("sha256").asText();
    Path place = WorkFolder.inside(folder, name);
    if (Files.isRegularFile(place) && WorkFolder.sha256(place).equals(sha256)) {
      return;
    }
    Files.createDirectories(Objects.requireNonNull(place.getParent()));
    Path aside = place.resolveSibling(place.getFileName() + ".part");
    for (int tries = 0; tries < TRIES; tries++) {
      Files.deleteIfExists(aside);
      download(name, aside, file.path("bytes").asLong());
      if (WorkFolder.sha256(aside).equals(sha256)) {
        Files.move(
            aside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return;
      }
    }
    Files.deleteIfExists(aside);
    throw new TryAgain(
        "%s has another digest than the control plane says, %d times".formatted(name, TRIES));
  }

  /// Goes on where a download broke off.
  private void download(String name, Path aside, long bytes)
      throws IOException, RemoteException, InterruptedException {
    try (OutputStream out =
        Files.newOutputStream(aside, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (Files.size(aside) < bytes) {
        long there = Files.size(aside);
        patience.with(() -> {
          pass(name, Math.max(there, size(aside)), out, bytes);
          return true;
        });
        if (Files.size(aside) == there) {
          throw new TryAgain(name + " is shorter than the control plane says");
        }
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new TryAgain(file + " can't be read: " + e, e);
    }
  }

  private void pass(String name, long from, OutputStream out, long bytes)
      throws RemoteException, InterruptedException {
    if (from >= bytes) {
      return;
    }
    try (InputStream in = plane.file(name, from)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new TryAgain(name + " can't be written: " + e, e);
    }
  }

  private static int read(InputStream in, byte[] buffer) throws RemoteException.Silent {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new RemoteException.Silent("the download broke off: " + e, e);
    }
  }
}
