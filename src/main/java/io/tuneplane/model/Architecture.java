package io.tuneplane.model;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The decoders that can be run: all are Llama's, but for biases.
enum Architecture {
  LLAMA("LlamaForCausalLM", "llama", false),
  QWEN2("Qwen2ForCausalLM", "qwen2", true),
  MISTRAL("MistralForCausalLM", "mistral", false);

  private final String id;
  private final String type;
  private final boolean qkvBias;

  Architecture(String id, String type, boolean qkvBias) {
    this.id = id;
    this.type = type;
    this.qkvBias = qkvBias;
  }

  /// As `config.json` names it under `architectures`.
  String id() {
    return id;
  }

  /// Whether q, k and v have biases.
  boolean qkvBias() {
    return qkvBias;
  }

  static Architecture named(String id, String source) {
    return find(a -> a.id.equals(id), id, source);
  }

  /// By `model_type`, which is also GGUF's `general.architecture`.
  static Architecture ofType(String type, String source) {
    return find(a -> a.type.equals(type), type, source);
  }

  private static Architecture find(Predicate<Architecture> test, String name, String source) {
    return Arrays.stream(values())
        .filter(test)
        .findFirst()
        .orElseThrow(() ->
            new ModelException(
                "%s: architecture '%s' is not supported; supported are %s"
                    .formatted(source, name, all())));
  }

  private static String all() {
    return Arrays.stream(values()).map(Architecture::id).collect(Collectors.joining(", "));
  }
}
