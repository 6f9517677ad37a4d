package io.tuneplane.runner.serve;

import io.tuneplane.runner.serve.engine.DecoderSettings;
import io.tuneplane.runner.serve.engine.EngineSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What to serve, and where.
///
/// @param adapters folders by the names of the adapters
/// @param cache a folder in which digests of models are remembered
/// @param unverified whether adapters that do not record their base are taken
record ServeSettings(
    NamedModel model,
    Map<String, Path> adapters,
    DecoderSettings decoder,
    EngineSettings sharing,
    Listen listen,
    Optional<Path> cache,
    boolean unverified) {

  /// @param path a folder in Hugging Face's layout, or a GGUF file
  record NamedModel(String name, Path path) {}

  /// @param port 0 for any
  record Listen(String host, int port, Optional<TlsFiles> tls) {}

  /// PEM files.
  record TlsFiles(Path certificate, Path key) {}
}
