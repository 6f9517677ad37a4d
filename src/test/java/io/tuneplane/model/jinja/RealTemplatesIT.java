package io.tuneplane.model.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.ChatTemplate;
import io.tuneplane.model.ChatTemplates;
import io.tuneplane.model.SpecialTokens;
import io.tuneplane.model.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Renders every template of a folder with every conversation, here and by `transformers`, and
/// expects the same text, or failure on both sides. The templates are other people's and so are not
/// in this repository: `-Dtuneplane.templates=FOLDER` names a folder of `*.jinja` files, and
/// `-Dtuneplane.python=PYTHON` a Python with transformers.
@Tag("heavy")
class RealTemplatesIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void rendersRealTemplatesAsTransformersDoes() throws IOException {
    String folder = System.getProperty("tuneplane.templates", "");
    assumeTrue(!folder.isEmpty(), "no -Dtuneplane.templates=FOLDER was given");
    List<String> differences = new ArrayList<>();
    int cases = 0;
    int failures = 0;
    try (Reference reference = new Reference()) {
      for (Path file : files(Path.of(folder))) {
        for (JsonNode conversation : conversations()) {
          String expected = expected(reference, Files.readString(file), conversation);
          String actual = actual(Files.readString(file), conversation);
          cases++;
          failures += expected.startsWith("error") ? 1 : 0;
          if (!kind(expected).equals(kind(actual))) {
            differences.add(
                file.getFileName()
                    + ", "
                    + conversation.get("name")
                    + "\n"
                    + expected
                    + "\n"
                    + actual);
          }
        }
      }
    }
    assertThat(cases).isPositive();
    assertThat(differences)
        .as("of %d cases, of which %d fail in Python", cases, failures)
        .isEmpty();
    System.getLogger("templates")
        .log(System.Logger.Level.INFO, cases + " equal, of which " + failures + " fail in Python");
  }

  /// What is compared: the text, or that there was a failure.
  private static String kind(String result) {
    return result.startsWith("error") ? "error" : result;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList();
    }
  }

  private static JsonNode conversations() throws IOException {
    try (InputStream in = RealTemplatesIT.class.getResourceAsStream("conversations.json")) {
      return JSON.readTree(in);
    }
  }

  private static String expected(Reference reference, String template, JsonNode conversation)
      throws IOException {
    ObjectNode request = conversation.deepCopy();
    request.put("template", template);
    request.putObject("tokens").put("bos_token", "<s>").put("eos_token", "</s>");
    JsonNode answer = reference.render(request);
    return answer.has("output") ? "text: " + answer.get("output").asText() : "error: " + answer;
  }

  private static String actual(String template, JsonNode conversation) {
    SpecialTokens tokens =
        new SpecialTokens(
            Optional.of("<s>"), Optional.of("</s>"), Optional.empty(), Optional.empty());
    try {
      ChatTemplate parsed = ChatTemplates.parse(template, tokens, Reference.CLOCK, ZoneOffset.UTC);
      return "text: "
          + parsed.render(
              list(conversation.get("messages")),
              list(conversation.get("tools")),
              conversation.get("add_generation_prompt").asBoolean());
    } catch (TemplateException e) {
      return "error: " + e.getMessage();
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> list = new ArrayList<>();
    array.forEach(list::add);
    return list;
  }
}
