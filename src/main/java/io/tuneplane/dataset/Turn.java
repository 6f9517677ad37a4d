package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A message as it stands in the file, in ChatML's terms.
///
/// @param role the role, as far as the format's own names are known
/// @param content the text
/// @param weight how the weight reads
/// @param extras what few messages have
record Turn(String role, Content content, Weight weight, Extras extras) {

  /// A message's weight, as it is written.
  enum Weight {
    ABSENT,
    ZERO,
    ONE,
    WRONG
  }

  /// What few messages have.
  ///
  /// @param toolCalls an assistant's calls
  /// @param toolCallId the call that a tool's message answers
  /// @param name the participant's name
  record Extras(List<JsonNode> toolCalls, Optional<String> toolCallId, Optional<String> name) {
    static final Extras NONE = new Extras(List.of(), Optional.empty(), Optional.empty());
  }

  static Turn of(String role, Content content) {
    return new Turn(role, content, Weight.ABSENT, Extras.NONE);
  }

  boolean learnt() {
    return role.equals("assistant") && weight != Weight.ZERO;
  }

  Message message() {
    return new Message(
        role,
        content instanceof Content.Absent ? Optional.empty() : Optional.of(content.text()),
        extras.toolCalls,
        extras.toolCallId,
        extras.name,
        switch (weight) {
          case ZERO -> OptionalInt.of(0);
          case ONE -> OptionalInt.of(1);
          case ABSENT, WRONG -> OptionalInt.empty();
        });
  }
}
