package io.tuneplane.cli;

import io.tuneplane.dataset.DatasetCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Shows how far a check is, to people only. Not safe for many threads.
final class DataProgress implements DatasetCheck.Progress {

  private static final long WORTH_IT = 64L << 20;
  private static final long EVERY = 8L << 20;

  private final Terminal terminal;
  private boolean shown;
  private long next = WORTH_IT;

  DataProgress(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void read(Path file, long bytes) {
    if (!terminal.interactive() || bytes < next) {
      return;
    }
    next = bytes + EVERY;
    terminal.err().printf("\r%s: %d of %d MB\u001b[K", name(file), bytes >> 20, size(file) >> 20);
    terminal.err().flush();
    shown = true;
  }

  void end() {
    if (shown) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }

  private static String name(Path file) {
    return Terminal.plain(String.valueOf(file.getFileName()));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
