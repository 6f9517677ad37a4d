package io.tuneplane.dataset;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/// The shapes in which examples are written.
public enum Format {
  /// OpenAI's `{"messages": [{"role", "content"}]}`.
  CHATML("chatml"),
  /// `{"instruction", "input", "output"}`, with `system` and `history` where they are there.
  ALPACA("alpaca"),
  /// `{"conversations": [{"from", "value"}]}`.
  SHAREGPT("sharegpt"),
  /// Gemini's `{"systemInstruction", "contents": [{"role", "parts": [{"text"}]}]}`.
  VERTEX("vertex"),
  /// OpenAI's `{"input", "preferred_output", "non_preferred_output"}`.
  OPENAI_PREFERENCE("openai-preference"),
  /// TRL's `{"prompt", "chosen", "rejected"}`, of texts or of messages.
  TRL_PREFERENCE("trl-preference");

  private final String id;

  Format(String id) {
    this.id = id;
  }

  /// The name on the command line and in reports.
  @JsonValue
  public String id() {
    return id;
  }

  /// The format of that name.
  public static Optional<Format> parse(String id) {
    return Arrays.stream(values()).filter(f -> f.id.equals(id)).findFirst();
  }

  /// Whether its examples are pairs of answers.
  public boolean preference() {
    return this == OPENAI_PREFERENCE || this == TRL_PREFERENCE;
  }
}
