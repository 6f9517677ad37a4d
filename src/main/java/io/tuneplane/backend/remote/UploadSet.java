package io.tuneplane.backend.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.remote.RefusedException.Why;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Files of one set, a checkpoint or the result, as they arrive in a folder aside.
///
/// @param name the set's name
/// @param aside where they arrive
record UploadSet(Name name, Path aside) {

  static final String MANIFEST = "manifest.json";

  private static final int MOST_FILES = 64;
  private static final long MOST_BYTES = 1L << 40;
  private static final int BUFFER = 1 << 16;

  /// `step-N`, or `result`.
  record Name(String text) {

    Name {
      if (!text.matches("result|step-(0|[1-9][0-9]{0,17})")) {
        throw RefusedException.of(Why.INVALID, "a set is result or step-N");
      }
    }

    boolean isResult() {
      return text.equals("result");
    }
  }

  /// How much of a file has arrived.
  long arrived(String path) throws IOException {
    Path file = file(path);
    return Files.isRegularFile(file) ? Files.size(file) : 0;
  }

  /// Appends what comes to a file. What was written before something fails stays, but for a piece
  /// that is too long.
  ///
  /// @return how much of the file is there now
  /// @throws RefusedException if it does not begin where the file ends, or is longer than `most`
  long append(String path, long offset, InputStream content, long most) throws IOException {
    long there = arrived(path);
    if (there != offset) {
      throw RefusedException.of(
          Why.OFFSET, "the piece begins at %d, not at %d".formatted(offset, there), "bytes", there);
    }
    Path file = file(path);
    requireRoom(file, offset);
    Files.createDirectories(DurableFile.folder(file));
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        DurableFile.all(channel, ByteBuffer.wrap(buffer, 0, n));
        if (channel.size() - offset > most) {
          channel.truncate(offset);
          throw RefusedException.of(Why.TOO_LARGE, "a piece has at most %d bytes".formatted(most));
        }
      }
      return channel.size();
    }
  }

  private void requireRoom(Path file, long offset) throws IOException {
    if (offset > MOST_BYTES) {
      throw RefusedException.of(Why.TOO_LARGE, "a file has at most %d bytes".formatted(MOST_BYTES));
    }
    if (Files.exists(aside) && !Files.exists(file)) {
      try (Stream<Path> all = Files.walk(aside)) {
        if (all.filter(Files::isRegularFile).count() >= MOST_FILES) {
          throw RefusedException.of(
              Why.TOO_LARGE, "a set has at most %d files".formatted(MOST_FILES));
        }
      }
    }
  }

  private Path file(String path) {
    return aside.resolve(FileName.checked(name, path));
  }

  /// The files that a manifest lists, with their digests.
  ///
  /// @throws RefusedException if it is none
  SequencedMap<String, String> listed(byte[] manifest) {
    ObjectNode json = RemoteJson.sent(manifest, 0, manifest.length, "the manifest");
    SequencedMap<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> file : json.path("files").properties()) {
      String digest = file.getValue().asText();
      if (!digest.matches("[0-9a-f]{64}")) {
        throw RefusedException.of(Why.INVALID, "the manifest gives no SHA-256 for a file");
      }
      files.put(FileName.checked(name, file.getKey()), digest);
    }
    if (files.isEmpty() || files.size() > MOST_FILES) {
      throw RefusedException.of(
          Why.INVALID, "a manifest lists 1 to %d files".formatted(MOST_FILES));
    }
    return files;
  }

  /// Holds what has arrived against its list. A file that is another one is thrown away.
  ///
  /// @throws RefusedException if one is missing or another
  void require(Map<String, String> listed, Digests digests) throws IOException {
    for (Map.Entry<String, String> each : listed.entrySet()) {
      Path file = file(each.getKey());
      boolean there = Files.isRegularFile(file);
      if (there && digests.of(file).equals(each.getValue())) {
        continue;
      }
      Files.deleteIfExists(file);
      throw RefusedException.of(
          Why.INCOMPLETE,
          there
              ? each.getKey() + " has another digest, and was thrown away; send it again"
              : each.getKey() + " is missing",
          "file",
          each.getKey());
    }
  }
}
