package io.tuneplane.dataset;

/// Finds one kind of sensitive value in text. Safe for many threads; takes time in proportion to
/// the text.
interface Recogniser {

  void find(String text, Sink sink);

  /// Told of each find.
  interface Sink {
    void found(SensitiveKind kind, String value);
  }
}
