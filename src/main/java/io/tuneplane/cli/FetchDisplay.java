package io.tuneplane.cli;

import io.tuneplane.model.FetchListener;
import io.tuneplane.model.FetchProgress;

/// Shows how far a model's download is: one line that is rewritten on a terminal, a line for every
/// tenth of a file in a pipe. For one fetch at a time.
final class FetchDisplay implements FetchListener {

  private static final double MEGABYTE = 1e6;

  private final Terminal terminal;
  private String shown = "";
  private boolean lineOpen;

  FetchDisplay(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public synchronized void progress(FetchProgress progress) {
    if (progress.total() <= 0) {
      say("Fetching " + progress.file() + " from " + progress.source());
      return;
    }
    long tenths = 10 * progress.done() / progress.total();
    String text =
        "Fetching %s from %s: %.0f of %.0f MB"
            .formatted(
                progress.file(),
                progress.source(),
                progress.done() / MEGABYTE,
                progress.total() / MEGABYTE);
    if (terminal.interactive()) {
      terminal.err().print("\r" + Terminal.plain(text) + "\u001b[K");
      terminal.err().flush();
      lineOpen = true;
      if (progress.done() == progress.total()) {
        terminal.err().println();
        lineOpen = false;
      }
    } else {
      say(text, progress.file() + tenths);
    }
  }

  private void say(String text) {
    say(text, text);
  }

  private void say(String text, String key) {
    if (key.equals(shown)) {
      return;
    }
    if (lineOpen) {
      terminal.err().println();
      lineOpen = false;
    }
    shown = key;
    terminal.err().println(Terminal.plain(text));
  }
}
