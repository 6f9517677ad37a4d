package io.tuneplane.runner.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sends one set of files, a checkpoint or the result, going on where an earlier try broke off.
final class SetUpload {

  private static final long PIECE = 32L << 20;
  private static final int ROUNDS = 5;

  private final ControlPlane plane;
  private final String set;
  private final Path folder;
  private final byte[] manifest;
  private final List<String> files;
  private final Patience patience;

  private SetUpload(
      ControlPlane plane,
      String set,
      Path folder,
      byte[] manifest,
      List<String> files,
      Patience patience) {
    this.plane = plane;
    this.set = set;
    this.folder = folder;
    this.manifest = manifest;
    this.files = files;
    this.patience = patience;
  }

  /// A checkpoint; empty if its folder has gone, replaced by later ones.
  static Optional<SetUpload> checkpoint(
      ControlPlane plane, Path folder, long step, Patience patience) throws IOException {
    try {
      byte[] manifest = Files.readAllBytes(folder.resolve("manifest.json"));
      List<String> files = new ArrayList<>();
      for (Map.Entry<String, JsonNode> file :
          ControlPlane.JSON.readTree(manifest).path("files").properties()) {
        files.add(file.getKey());
      }
      return Optional.of(new SetUpload(plane, "step-" + step, folder, manifest, files, patience));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// The files of a result.
  ///
  /// @param event the event that lists them
  static SetUpload result(ControlPlane plane, Path folder, JsonNode event, Patience patience) {
    ObjectNode manifest = ControlPlane.JSON.createObjectNode();
    ObjectNode digests = manifest.putObject("files");
    List<String> files = new ArrayList<>();
    for (JsonNode file : event.path("files")) {
      files.add(file.path("path").asText());
      digests.put(file.path("path").asText(), file.path("sha256").asText());
    }
    byte[] bytes = manifest.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return new SetUpload(plane, "result", folder, bytes, files, patience);
  }

  /// Sends it.
  ///
  /// @return false if a file of it has gone meanwhile
  boolean send() throws RemoteException, InterruptedException {
    for (int round = 1; ; round++) {
      try {
        for (String file : files) {
          send(file);
        }
        patience.with(() -> {
          plane.complete(set, manifest);
          return true;
        });
        return true;
      } catch (NoSuchFileException _) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RemoteException.Refused e) {
        // A file did not arrive as it is: what is missing is sent again.
        if (!e.code().equals("incomplete") || round == ROUNDS) {
          throw e;
        }
      }
    }
  }

  private void send(String name) throws IOException, RemoteException, InterruptedException {
    Path file = folder.resolve(name);
    long bytes = Files.size(file);
    long there = patience.with(() -> plane.arrived(set, name));
    while (there < bytes) {
      there = piece(name, file, there, Math.min(PIECE, bytes - there));
    }
  }

  private long piece(String name, Path file, long offset, long length)
      throws RemoteException, InterruptedException {
    return patience.with(() -> {
      try {
        return plane.piece(set, name, offset, body(file, offset, length));
      } catch (RemoteException.Refused e) {
        // An earlier try has arrived after all, or in part.
        if (e.code().equals("offset") && e.number() >= 0) {
          return e.number();
        }
        throw e;
      }
    });
  }

  private static BodyPublisher body(Path file, long offset, long length) {
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(() -> part(file, offset, length)), length);
  }

  private static InputStream part(Path file, long offset, long length) {
    try {
      InputStream in = Files.newInputStream(file);
      in.skipNBytes(offset);
      return new Part(in, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
