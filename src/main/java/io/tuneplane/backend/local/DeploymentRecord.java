package io.tuneplane.backend.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A model that is to answer here.
///
/// @param name the model's name as clients say it
/// @param basePath the base's folder or GGUF file
/// @param baseDigest SHA-256 of the base's weights in hex
/// @param adapterPath the adapter's folder; absent for the base itself
/// @param adapterDigest SHA-256 of the adapter's weights in hex
/// @param quantization the precision to serve at, `fp32`, `int8` or `int4`; absent for the server's
///   default
record DeploymentRecord(
    @JsonProperty(required = true) String name,
    @JsonProperty(required = true) String basePath,
    @JsonProperty(required = true) String baseDigest,
    @Nullable String adapterPath,
    @Nullable String adapterDigest,
    @Nullable String quantization) {

  private static final int ID_LENGTH = 32;

  /// The same for the same model, and good as a file's name.
  String id() {
    String all = String.join("\n", name, baseDigest, text(adapterDigest), text(quantization));
    return ResultFiles.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, ID_LENGTH);
  }

  Optional<Path> adapter() {
    return Optional.ofNullable(adapterPath).map(Path::of);
  }

  /// What a server is started for: models of one base and precision share it.
  ServerKey server() {
    return new ServerKey(Path.of(basePath), baseDigest, Optional.ofNullable(quantization));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  /// A base model at a precision.
  ///
  /// @param model the folder or GGUF file
  /// @param digest SHA-256 of the weights in hex
  /// @param quantization empty for the server's default
  record ServerKey(Path model, String digest, Optional<String> quantization) {}
}
