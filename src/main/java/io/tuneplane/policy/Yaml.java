package io.tuneplane.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// YAML with line numbers, and only as much of it as a policy needs: no anchors, no aliases, no key
/// twice, a bounded depth and size.
sealed interface Yaml {

  /// The line that it starts on, from 1.
  int line();

  /// A word or a text.
  record Scalar(String text, int line) implements Yaml {}

  /// A list.
  record Sequence(List<Yaml> items, int line) implements Yaml {}

  /// Keys and values, in the file's order.
  record Mapping(Map<String, Yaml> entries, int line) implements Yaml {}

  /// Reads one document. An empty one is an empty mapping.
  ///
  /// @throws PolicyException naming the line, if it is not YAML or more than the above
  static Yaml read(String text) {
    return Reader.read(text);
  }

  /// Turns the parser's tokens into values.
  final class Reader {

    private static final int MAX_DEPTH = 20;
    private static final int MAX_CHARACTERS = 1 << 20;

    private final YAMLParser parser;

    private Reader(YAMLParser parser) {
      this.parser = parser;
    }

    private static Yaml read(String text) {
      if (text.length() > MAX_CHARACTERS) {
        throw new PolicyException(1, "the file is larger than " + MAX_CHARACTERS + " characters");
      }
      try (YAMLParser parser = factory().createParser(text)) {
        Reader reader = new Reader(parser);
        JsonToken first = parser.nextToken();
        Yaml document = first == null ? new Mapping(Map.of(), 1) : reader.value(first);
        if (parser.nextToken() != null) {
          throw new PolicyException(reader.line(), "only one document is expected");
        }
        return document;
      } catch (JsonProcessingException e) {
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        throw new PolicyException(line, e.getOriginalMessage(), e);
      } catch (IOException e) {
        throw new PolicyException(1, "not readable as YAML: " + e.getMessage(), e);
      }
    }

    private static YAMLFactory factory() {
      return YAMLFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();
    }

    private Yaml value(@Nullable JsonToken token) throws IOException {
      int line = line();
      refuseAnchors(line);
      return switch (token) {
        case START_OBJECT -> mapping(line);
        case START_ARRAY -> sequence(line);
        case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
            new Scalar(parser.getText(), line);
        case VALUE_NULL -> new Scalar("", line);
        case null -> throw new PolicyException(line, "the file ends too early");
        case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
            throw new PolicyException(line, "unexpected " + token);
      };
    }

    private Mapping mapping(int line) throws IOException {
      Map<String, Yaml> entries = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        if (entries.containsKey(key)) {
          throw new PolicyException(line(), "\"" + key + "\" is there twice");
        }
        entries.put(key, value(parser.nextToken()));
      }
      return new Mapping(entries, line);
    }

    private Sequence sequence(int line) throws IOException {
      List<Yaml> items = new ArrayList<>();
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        items.add(value(token));
      }
      return new Sequence(items, line);
    }

    private void refuseAnchors(int line) throws IOException {
      if (parser.isCurrentAlias() || parser.getObjectId() != null) {
        throw new PolicyException(line, "anchors and aliases are not taken");
      }
    }

    private int line() {
      return parser.currentTokenLocation().getLineNr();
    }
  }
}
