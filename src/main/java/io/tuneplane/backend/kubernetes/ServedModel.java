package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A model that is to answer here.
///
/// @param name the model's name as clients say it
/// @param baseModel the base's name
/// @param baseDigest SHA-256 of the base's weights in hex
/// @param server the server that it answers from
/// @param adapterPath the adapter's folder here; absent for the base itself
/// @param adapterDigest SHA-256 of the adapter's weights in hex
record ServedModel(
    @JsonProperty(required = true) String name,
    @JsonProperty(required = true) String baseModel,
    @JsonProperty(required = true) String baseDigest,
    @JsonProperty(required = true) String server,
    @Nullable String adapterPath,
    @Nullable String adapterDigest) {

  private static final int ID = 32;

  /// The same for the same model, and good as a file's name.
  String id() {
    String all = String.join("\n", name, server, digest());
    byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(ResultCheck.sha256().digest(bytes)).substring(0, ID);
  }

  /// The digest of the adapter's weights; blank for the base itself.
  String digest() {
    return adapterDigest == null ? "" : adapterDigest;
  }

  Optional<Path> adapter() {
    return Optional.ofNullable(adapterPath).map(Path::of);
  }

  /// The name under which the server knows it: nothing that a user wrote.
  String served() {
    return adapterPath == null ? VllmServer.BASE : "adapter-" + id();
  }
}
