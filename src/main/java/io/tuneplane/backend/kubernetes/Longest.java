package io.tuneplane.backend.kubernetes;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How long the longest example of a file is, in a model's tokens: its longest line is counted,
/// JSON and all, which is a little more than the template makes of it.
final class Longest {

  private static final int LEAST = 128;

  private Longest() {}

  /// The tokens of the longest example: at least 128, at most the model's context.
  static int of(Path file, BaseModel model) throws IOException {
    String longest = "";
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        longest = line.length() > longest.length() ? line : longest;
      }
    }
    Tokenizer tokenizer = model.tokenizer();
    int tokens = tokenizer.encodeOrdinary(longest).length;
    return Math.min(Math.max(LEAST, tokens), model.config().maxPositions());
  }
}
