package io.tuneplane.dataset;

import com.fasterxml.jackson.annotation.JsonValue;

/// The rules of the checks. Their ids are what scripts see; docs/data.md explains each.
public enum Rule {
  /// The line is not JSON (RFC 8259). Also NUL bytes, nesting that is too deep, UTF-16.
  BROKEN_JSON("broken-json"),
  /// Bytes that are not UTF-8, or an escaped half of a surrogate pair.
  INVALID_UTF8("invalid-utf-8"),
  /// An object has a key twice.
  DUPLICATE_KEYS("duplicate-keys"),
  /// A number that no double can hold.
  NUMBER("number-out-of-range"),
  /// A line, or an element of a JSON array, beyond the limit.
  TOO_LONG("too-long"),
  /// Not an object, or not the shape of the format.
  SHAPE("wrong-shape"),
  /// No messages.
  EMPTY_MESSAGES("empty-messages"),
  /// The last message is not the assistant's.
  LAST_MESSAGE("last-message"),
  /// Roles that the target does not take.
  INVALID_ROLES("invalid-roles"),
  /// Content is missing, or no string.
  CONTENT("content"),
  /// A weight other than 0 or 1.
  WEIGHT("weight"),
  /// Nobody asks.
  NO_USER_TURN("no-user-turn"),
  /// The assistant says nothing.
  EMPTY_ANSWER("empty-answer"),
  /// Nothing is learnt from the example.
  NO_TRAINABLE_TOKEN("no-trainable-token"),
  /// The chat template refuses the example, or training on it could not match serving.
  TEMPLATE("template"),
  /// The file has no example.
  NO_EXAMPLES("no-examples"),
  /// Fewer examples than the target asks for.
  TOO_FEW("too-few-examples"),
  /// A byte order mark before the first line.
  BOM("bom"),
  /// The same example as an earlier one.
  DUPLICATE("duplicate"),
  /// Almost the same text as an earlier example's.
  NEAR_DUPLICATE("near-duplicate"),
  /// A validation example that the training file holds too.
  LEAKAGE("leakage"),
  /// Longer than the model's context: the end is not learnt.
  TRUNCATION("truncation"),
  /// A special token of the tokenizer, written out in a message.
  SPECIAL_TOKENS("special-tokens"),
  /// Both answers of a preference pair are the same.
  SAME_ANSWERS("same-answers"),
  /// What a conversion leaves out, since the other format has no place for it.
  LOSS("loss"),
  /// An example that the other format can't say at all.
  NOT_EXPRESSIBLE("not-expressible");

  private final String id;

  Rule(String id) {
    this.id = id;
  }

  /// The id that scripts see.
  @JsonValue
  public String id() {
    return id;
  }
}
