package io.tuneplane.model.jinja;

/// A piece of a template.
///
/// @param value the text; for literals what they stand for
record Token(Kind kind, Object value, int line) {

  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    NUMBER,
    OPERATOR,
    END
  }

  boolean isName(String name) {
    return kind == Kind.NAME && value.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && value.equals(operator);
  }

  String text() {
    return String.valueOf(value);
  }

  /// How messages call it.
  String describe() {
    return switch (kind) {
      case DATA -> "template text";
      case VARIABLE_BEGIN -> "{{";
      case VARIABLE_END -> "}}";
      case BLOCK_BEGIN -> "{%";
      case BLOCK_END -> "%}";
      case NAME, NUMBER, OPERATOR -> text();
      case STRING -> "a string";
      case END -> "end of template";
    };
  }
}
