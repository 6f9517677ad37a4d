package io.tuneplane.model.jinja;

/// Something in a template is wrong, or fails. Where it happened is added on the way out.
final class Fault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int line;

  /// A fault whose line is not known yet.
  Fault(String message) {
    this(message, 0);
  }

  Fault(String message, int line) {
    super(message, null, false, false);
    this.line = line;
  }

  /// What a template asks for and this interpreter doesn't do.
  static Fault unsupported(String what) {
    return new Fault(what + " is not supported");
  }

  /// The same fault at this line, unless a line nearer to it is known.
  Fault at(int where) {
    return line > 0 ? this : new Fault(getMessage(), where);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /// The message with its line.
  String describe() {
    return line > 0 ? "line " + line + ": " + getMessage() : getMessage();
  }
}
