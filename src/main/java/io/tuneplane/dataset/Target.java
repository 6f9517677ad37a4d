package io.tuneplane.dataset;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What the data is checked for: the roles and sizes that a kind of place takes.
public enum Target {
  /// OpenAI's supervised tuning on plain conversations; the roles are the section's own. At least
  /// 10 examples: OpenAI's supervised fine-tuning guide. 65,536 tokens an example: Azure's table
  /// for gpt-4o (2025-09), since OpenAI's own figure is not published.
  OPENAI_CHAT("openai-chat", false, 10, OptionalInt.of(65_536)),
  /// The same with function calls: `tools`, `tool_calls` and `tool` messages.
  OPENAI_CHAT_TOOLS("openai-chat-tools", true, 10, OptionalInt.of(65_536)),
  /// Gemini on Vertex AI: 131,072 tokens an example (Google's page on supervised tuning of Gemini
  /// 2.5, 2026-11).
  VERTEX("vertex", false, 0, OptionalInt.of(131_072)),
  /// An open model on hardware of one's own: what its chat template takes.
  LOCAL("local", true, 0, OptionalInt.empty());

  private static final Set<String> PLAIN = Set.of("system", "user", "assistant");
  private static final Set<String> WITH_TOOLS = Set.of("system", "user", "assistant", "tool");

  private final String id;
  private final boolean tools;
  private final int minExamples;
  private final OptionalInt maxTokens;

  Target(String id, boolean tools, int minExamples, OptionalInt maxTokens) {
    this.id = id;
    this.tools = tools;
    this.minExamples = minExamples;
    this.maxTokens = maxTokens;
  }

  /// The name on the command line and in reports.
  @JsonValue
  public String id() {
    return id;
  }

  /// The target of that name.
  public static Optional<Target> parse(String id) {
    return Arrays.stream(values()).filter(t -> t.id.equals(id)).findFirst();
  }

  /// The roles that messages may have.
  public Set<String> roles() {
    return tools ? WITH_TOOLS : PLAIN;
  }

  /// The fewest examples that are taken; 0 where no minimum is stated.
  public int minExamples() {
    return minExamples;
  }

  /// The longest example, in tokens, where the place states it.
  public OptionalInt maxTokens() {
    return maxTokens;
  }
}
