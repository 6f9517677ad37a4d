package io.tuneplane.runner.serve.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;

/// What `tuneplane.json` in an adapter's folder records of its making: hex digests, each empty
/// where it is not recorded.
///
/// @param base the base model's weights
/// @param template the chat template
/// @param adapter the adapter's own weights
record AdapterOrigin(Optional<String> base, Optional<String> template, Optional<String> adapter) {

  static final String FILE = "tuneplane.json";

  static AdapterOrigin read(Path folder) {
    JsonNode json = AdapterJson.read(folder.resolve(FILE));
    return new AdapterOrigin(
        AdapterJson.text(json, "base_digest"),
        AdapterJson.text(json, "chat_template_digest"),
        AdapterJson.text(json, "adapter_digest"));
  }
}
