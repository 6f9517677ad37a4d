package io.tuneplane.model.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/// Python's own rendering, from a child process. Which Python: `-Dtuneplane.python=...`, `python3`
/// if not given.
final class Reference implements AutoCloseable {

  /// The time at which the child's clock stands, in UTC.
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-07T09:05:02Z"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path script;
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  Reference() throws IOException {
    script = Files.createTempFile("reference", ".py");
    try (InputStream in = Reference.class.getResourceAsStream("reference.py")) {
      Files.copy(Objects.requireNonNull(in), script, StandardCopyOption.REPLACE_EXISTING);
    }
    process =
        new ProcessBuilder(System.getProperty("tuneplane.python", "python3"), script.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    questions = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /// The answer to a case: it has `output` or `error`.
  JsonNode render(JsonNode request) throws IOException {
    questions.write(JSON.writeValueAsString(request));
    questions.newLine();
    questions.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the Python child ended; are transformers and jinja2 installed?");
    }
    return JSON.readTree(answer);
  }

  @Override
  public void close() throws IOException {
    questions.close();
    process.destroy();
    Files.delete(script);
  }
}
