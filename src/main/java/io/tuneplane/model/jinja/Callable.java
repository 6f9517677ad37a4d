package io.tuneplane.model.jinja;

/// What a template can call.
interface Callable {

  /// Calls it.
  ///
  /// @throws Fault if the arguments don't fit, or it fails
  Object call(Run run, Arguments arguments);

  /// The name for messages.
  String name();

  /// What happens in a call.
  interface Body {
    Object call(Run run, Arguments arguments);
  }
}
