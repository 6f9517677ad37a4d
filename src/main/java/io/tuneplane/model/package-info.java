/// Base models: catalogue, names and fetching; `config.json`, safetensors and GGUF; tokenizers and
/// chat templates. Formats that can carry code are refused.
@NullMarked
package io.tuneplane.model;

import org.jspecify.annotations.NullMarked;
