package io.tuneplane.model;

/// Hears of a fetch while it goes on: called by the thread that fetches, several times a second at
/// most.
@FunctionalInterface
public interface FetchListener {

  /// A step forward.
  void progress(FetchProgress progress);

  /// One that ignores it.
  static FetchListener silent() {
    return _ -> {};
  }
}
