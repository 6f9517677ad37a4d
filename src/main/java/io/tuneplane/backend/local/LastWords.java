package io.tuneplane.backend.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The end of what a process wrote: where it says why it died.
final class LastWords {

  private static final int TAIL = 4096;

  private LastWords() {}

  /// The last line of a file with something in it; empty for none.
  static String of(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      byte[] tail = new byte[(int) Math.min(open.length(), TAIL)];
      open.seek(open.length() - tail.length);
      open.readFully(tail);
      return new String(tail, StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.isBlank())
          .reduce("", (_, line) -> line);
    }
  }
}
