package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the hub has of a model, as `GET /api/models/ID/revision/main?blobs=true` tells it.
///
/// @param revision the commit, in hex; every file is fetched from this one
/// @param files those that are wanted here, small ones first
record HubListing(String revision, List<RemoteFile> files) {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /// Nothing else is ever fetched: no pickles, no code, nothing in a subfolder.
  private static final Pattern WANTED =
      Pattern.compile(
          "config\\.json|generation_config\\.json|tokenizer\\.json|tokenizer_config\\.json"
              + "|special_tokens_map\\.json|chat_template\\.jinja|model\\.safetensors"
              + "|model\\.safetensors\\.index\\.json|model-\\d{5}-of-\\d{5}\\.safetensors");

  /// One file.
  ///
  /// @param bytes its size; -1 where the hub does not tell
  /// @param sha256 in hex, where the file is in large-file storage
  /// @param gitBlob the id of its blob in git, else
  record RemoteFile(String name, long bytes, Optional<String> sha256, Optional<String> gitBlob) {

    boolean isWeights() {
      return name.endsWith(".safetensors");
    }
  }

  /// @throws ModelException if the answer is not the hub's, or the model has no safetensors
  static HubListing parse(ObjectNode answer, String source) {
    String revision = answer.path("sha").asText();
    if (!COMMIT.matcher(revision).matches()) {
      throw new ModelException(source + ": the answer names no commit; is this a model hub?");
    }
    List<RemoteFile> files = new ArrayList<>();
    for (JsonNode sibling : answer.path("siblings")) {
      String name = sibling.path("rfilename").asText();
      if (WANTED.matcher(name).matches()) {
        files.add(file(name, sibling));
      }
    }
    if (files.stream().noneMatch(RemoteFile::isWeights)) {
      throw new ModelException(
          source + ": the model has no safetensors weights (other formats can carry code)");
    }
    return new HubListing(revision, smallFirst(files));
  }

  private static RemoteFile file(String name, JsonNode sibling) {
    JsonNode lfs = sibling.path("lfs");
    return new RemoteFile(
        name,
        sibling.path("size").asLong(lfs.path("size").asLong(-1)),
        matching(SHA256, lfs.path("sha256")),
        matching(COMMIT, sibling.path("blobId")));
  }

  private static Optional<String> matching(Pattern pattern, JsonNode node) {
    return Optional.of(node.asText()).filter(text -> pattern.matcher(text).matches());
  }

  private static List<RemoteFile> smallFirst(List<RemoteFile> files) {
    List<RemoteFile> sorted = new ArrayList<>(files.stream().filter(f -> !f.isWeights()).toList());
    files.stream().filter(RemoteFile::isWeights).forEach(sorted::add);
    return List.copyOf(sorted);
  }

  /// The bytes of all files whose size is known.
  long bytes() {
    return files.stream().mapToLong(f -> Math.max(0, f.bytes())).sum();
  }
}
