package io.tuneplane.runner.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.Message;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the canonical JSONL that a job's data comes in: conversations as OpenAI's `messages`,
/// pairs as OpenAI's `input`, `preferred_output` and `non_preferred_output`. The data was checked
/// before; whatever is wrong all the same ends the run, with its line.
final class ExampleLines {

  private final Path file;
  private final TrainingJob.Method method;

  private ExampleLines(Path file, TrainingJob.Method method) {
    this.file = file;
    this.method = method;
  }

  /// @throws WrongInput if the file is missing, or a line is not what the method takes
  static List<Example> read(Path file, TrainingJob.Method method) {
    return new ExampleLines(file, method).all();
  }

  private List<Example> all() {
    List<Example> examples = new ArrayList<>();
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          examples.add(parse(line, number));
        }
      }
    } catch (CharacterCodingException e) {
      throw new WrongInput(file.getFileName() + " is not UTF-8", e);
    } catch (IOException e) {
      throw new WrongInput(file.getFileName() + " can't be read: " + e.getMessage(), e);
    }
    if (examples.isEmpty()) {
      throw new WrongInput(file.getFileName() + " holds no example");
    }
    return examples;
  }

  private Example parse(String line, int number) {
    try {
      JsonNode node = RunnerJson.MAPPER.readTree(line);
      return switch (method) {
        case SUPERVISED -> new Example.Chat(messages(node, "messages"), tools(node));
        case DPO ->
            new Example.Preference(
                messages(node.path("input"), "messages"),
                messages(node, "preferred_output"),
                messages(node, "non_preferred_output"),
                tools(node.path("input")));
      };
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new WrongInput(
          "%s line %d: %s".formatted(file.getFileName(), number, e.getMessage()), e);
    }
  }

  private static List<Message> messages(JsonNode node, String field) {
    JsonNode array = node.path(field);
    if (!array.isArray() || array.isEmpty()) {
      throw new IllegalArgumentException(field + " must be a list of at least one message");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : array) {
      messages.add(message(message));
    }
    return messages;
  }

  private static Message message(JsonNode node) {
    String role = text(node, "role").orElseThrow(() -> new IllegalArgumentException("no role"));
    return new Message(
        role,
        text(node, "content"),
        list(node.path("tool_calls")),
        text(node, "tool_call_id"),
        text(node, "name"),
        node.has("weight") ? OptionalInt.of(node.path("weight").asInt()) : OptionalInt.empty());
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " must be text");
    }
    return Optional.of(value.asText());
  }

  private static List<JsonNode> tools(JsonNode node) {
    return list(node.path("tools"));
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }
}
