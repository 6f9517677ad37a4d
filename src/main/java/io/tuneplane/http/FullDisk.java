package io.tuneplane.http;

import java.io.IOException;
import java.util.Locale;

/// Tells a full disk from other failures: Java has no exception of its own for it, only the
/// system's words.
final class FullDisk {

  private FullDisk() {}

  static boolean is(IOException failure) {
    String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return words.contains("no space left")
        || words.contains("not enough space")
        || words.contains("quota exceeded");
  }
}
