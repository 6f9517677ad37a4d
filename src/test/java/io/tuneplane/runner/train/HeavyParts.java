package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What the heavy tests need from outside: a Python and the real model, named by environment
/// variables.
final class HeavyParts {

  private HeavyParts() {}

  /// The folder or file of SmolLM2-135M-Instruct.
  static Path smolLm2() {
    String path = System.getenv("TUNEPLANE_SMOLLM2");
    assertThat(path).as("TUNEPLANE_SMOLLM2 must name the model's folder").isNotNull();
    return Path.of(path);
  }

  /// Runs a script of the test resources and reads the JSON on its last line.
  static JsonNode python(String script, String... arguments)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("tuneplane", ".py");
    try (InputStream in = HeavyParts.class.getResourceAsStream(script)) {
      Files.write(file, Objects.requireNonNull(in, script).readAllBytes());
    }
    String python = System.getenv("TUNEPLANE_PYTHON");
    List<String> command =
        new ArrayList<>(List.of(python == null ? "python3" : python, file.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    Files.delete(file);
    return RunnerJson.MAPPER.readTree(out.strip().lines().reduce((_, last) -> last).orElseThrow());
  }
}
