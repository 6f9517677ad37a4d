package io.tuneplane.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.tuneplane.config.YamlNode.Mapping;
import io.tuneplane.config.YamlNode.Scalar;
import io.tuneplane.config.YamlNode.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the plain part of YAML: mappings, lists and scalars. Refuses what makes YAML dangerous or
/// ambiguous: anchors and aliases (a text of a few lines can grow to gigabytes), tags, a key that
/// stands twice, a second document, and nesting beyond [#MAX_DEPTH].
public final class StrictYaml {

  /// The deepest nesting that is read.
  public static final int MAX_DEPTH = 32;

  /// The longest text that is read, in characters.
  public static final int MAX_CHARACTERS = 2_000_000;

  private static final Pattern STUMBLED = Pattern.compile("line ([0-9]{1,9}), column");

  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final String name;
  private final YAMLParser parser;

  private StrictYaml(String name, YAMLParser parser) {
    this.name = name;
    this.parser = parser;
  }

  /// Reads a text.
  ///
  /// @param name what errors call the text: a file's name
  /// @throws YamlException with the line, if the text is not plain YAML
  public static YamlNode parse(String name, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new YamlException(name, "longer than " + MAX_CHARACTERS + " characters");
    }
    try (YAMLParser parser = FACTORY.createParser(text)) {
      return new StrictYaml(name, parser).document();
    } catch (JsonProcessingException e) {
      throw new YamlException(name + ":" + line(e), firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new YamlException(name, "can't be read: " + e.getMessage());
    }
  }

  private YamlNode document() throws IOException {
    if (parser.nextToken() == null) {
      return new Mapping(Map.of(), name + ":1");
    }
    YamlNode node = node(0);
    if (parser.nextToken() != null) {
      throw new YamlException(where(), "a second document; one is expected");
    }
    return node;
  }

  private YamlNode node(int depth) throws IOException {
    refuseReferences();
    if (depth > MAX_DEPTH) {
      throw new YamlException(where(), "nested deeper than " + MAX_DEPTH);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(depth);
      case START_ARRAY -> sequence(depth);
      case VALUE_NULL -> new Scalar(Optional.empty(), where());
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
          new Scalar(Optional.of(parser.getText()), where());
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new YamlException(where(), "unexpected " + parser.currentToken());
    };
  }

  private Mapping mapping(int depth) throws IOException {
    String start = where();
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      refuseReferences();
      String key = parser.currentName();
      String keyWhere = where();
      parser.nextToken();
      if (entries.put(key, node(depth + 1)) != null) {
        throw new YamlException(keyWhere, "the key '" + key + "' stands twice");
      }
    }
    return new Mapping(entries, start);
  }

  private Sequence sequence(int depth) throws IOException {
    String start = where();
    List<YamlNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(depth + 1));
    }
    return new Sequence(items, start);
  }

  private void refuseReferences() throws IOException {
    if (parser.getObjectId() != null || parser.isCurrentAlias()) {
      throw new YamlException(where(), "anchors and aliases are not read");
    }
    if (parser.getTypeId() != null) {
      throw new YamlException(where(), "tags are not read");
    }
  }

  private String where() {
    return name + ":" + parser.currentTokenLocation().getLineNr();
  }

  /// The line of the problem. The exception's own location is that of the last whole token; the
  /// parser's message ends with where it stumbled.
  private static int line(JsonProcessingException e) {
    Matcher stumbled = STUMBLED.matcher(e.getOriginalMessage());
    int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    while (stumbled.find()) {
      line = Integer.parseInt(stumbled.group(1));
    }
    return line;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("not YAML");
  }
}
