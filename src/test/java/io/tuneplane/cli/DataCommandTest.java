package io.tuneplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Api;
import io.tuneplane.api.DataApi;
import io.tuneplane.api.InProcessData;
import io.tuneplane.api.Json;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.model.ModelException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {

  private static final String GOOD =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Ask"
          + " %d\"},{\"role\":\"assistant\",\"content\":\"Answer\"}]}\n";

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void checkPrintsTheContractAsJson() throws IOException {
    Path file = write("train.jsonl", good(12) + "{}\n");
    assertThat(run("data", "check", file.toString(), "-o", "json")).isEqualTo(ExitCode.FAILED);
    JsonNode report = Json.mapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(report.path("total").asInt()).isEqualTo(13);
    assertThat(report.path("valid").asInt()).isEqualTo(12);
    JsonNode error = report.path("errors").path(0);
    assertThat(error.path("example").asInt()).isEqualTo(12);
    assertThat(error.path("line").asInt()).isEqualTo(13);
    assertThat(error.path("rule").asText()).isEqualTo("empty-messages");
    assertThat(error.path("message").asText()).isEqualTo("Example 12: empty messages");
    assertThat(report.path("warnings").isArray()).isTrue();
    for (String kind : List.of("estimate", "exact")) {
      for (String figure : List.of("mean", "median", "p95", "total")) {
        assertThat(report.path("tokens").path(kind).path(figure).isIntegralNumber()).isTrue();
      }
    }
    assertThat(report.path("tokens").path("exact").path("tokenizer").asText())
        .isEqualTo("o200k_base");
    assertThat(report.path("digest").asText()).matches("[0-9a-f]{64}");
  }

  @Test
  void aFindingOnTheWholeSetHasNoExample() throws IOException {
    Path file = write("train.jsonl", good(2));
    assertThat(run("data", "check", file.toString(), "-o", "json")).isEqualTo(ExitCode.FAILED);
    JsonNode error =
        Json.mapper().readTree(out.toString(StandardCharsets.UTF_8)).path("errors").path(0);
    assertThat(error.path("rule").asText()).isEqualTo("too-few-examples");
    assertThat(error.has("example")).isTrue();
    assertThat(error.path("example").isNull()).isTrue();
  }

  @Test
  void aGoodFileExitsWithZeroAndShowsATable() throws IOException {
    Path file = write("train.jsonl", good(12));
    assertThat(run("data", "check", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("12 examples, 12 valid (chatml, checked for openai-chat)")
        .contains("estimate (characters / 4)")
        .contains("o200k_base");
  }

  @Test
  void leakageIsReportedOnTheValidationFile() throws IOException {
    Path train = write("train.jsonl", good(12));
    Path validation = write("val.jsonl", good(1));
    int code =
        run("data", "check", train.toString(), "--validation", validation.toString(), "-o", "json");
    assertThat(code).isEqualTo(ExitCode.OK);
    JsonNode report = Json.mapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(report.path("validation").path("warnings").path(0).path("message").asText())
        .isEqualTo("Example 0: the same as training example 0 (line 1)");
  }

  @Test
  void aMissingFileIsSaidSo() {
    assertThat(run("data", "check", folder.resolve("none").toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("no such file");
    assertThat(run("data", "scan", folder.resolve("none").toString())).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void anUnknownTargetIsAUsageError() {
    assertThat(run("data", "check", "x", "--target", "mars")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("openai-chat, openai-chat-tools");
  }

  @Test
  void convertWritesAndSplits() throws IOException {
    Path file = write("train.jsonl", good(200));
    Path train = folder.resolve("out.jsonl");
    Path validation = folder.resolve("val.jsonl");
    int code =
        run(
            "data",
            "convert",
            file.toString(),
            "--to",
            "sharegpt",
            "--out",
            train.toString(),
            "--validation-out",
            validation.toString(),
            "--validation-share",
            "0.25");
    assertThat(code).isEqualTo(ExitCode.OK);
    long held = Files.readAllLines(validation).size();
    assertThat(held).isBetween(25L, 75L);
    assertThat(Files.readAllLines(train)).hasSize((int) (200 - held));
    assertThat(Files.readAllLines(train).getFirst()).startsWith("{\"conversations\":");
  }

  @Test
  void convertReplacesNothingUnasked() throws IOException {
    Path file = write("train.jsonl", good(2));
    Path there = write("there.jsonl", "mine");
    String[] command = {
      "data", "convert", file.toString(), "--to", "alpaca", "--out", there.toString()
    };
    assertThat(run(command)).isEqualTo(ExitCode.FAILED);
    assertThat(there).hasContent("mine");
  }

  @Test
  void scanMasksWhatItFinds() throws IOException {
    Path file = write("train.jsonl", GOOD.formatted(1).replace("Answer", "jane.doe@mail.com"));
    assertThat(run("data", "scan", file.toString(), "-o", "json")).isEqualTo(ExitCode.OK);
    JsonNode report = Json.mapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(report.path("findings").path(0).path("kind").asText()).isEqualTo("email");
    assertThat(report.path("flags").path(0).asText()).isEqualTo("gdpr");
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("jane.doe");
  }

  private static String good(int n) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < n; i++) {
      lines.append(GOOD.formatted(i));
    }
    return lines.toString();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int run(String... args) {
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            100);
    return new Cli(terminal, (_, _) -> api(), (_, _, _) -> {}, InstantSource.system()).run(args);
  }

  private Api api() {
    DataApi data =
        new InProcessData(
            name -> {
              throw new ModelException("no model " + name);
            },
            new CheckSettings.Resources(1, folder));
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (proxy, method, args) -> method.getName().equals("data") ? data : null);
  }
}
