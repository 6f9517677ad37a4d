package io.tuneplane.backend;

import java.util.Locale;

/// How a model is tuned. The wire name is the constant in lower case.
public enum Method {
  /// Next-token loss on the assistant's tokens.
  SUPERVISED,
  /// Direct preference optimisation (Rafailov et al., 2023, arXiv:2305.18290).
  DPO;

  /// The name in OpenAI's API, in files and on the command line.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
