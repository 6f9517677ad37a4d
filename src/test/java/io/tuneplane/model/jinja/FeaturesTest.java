package io.tuneplane.model.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tuneplane.model.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every construct in a template of its own, against what Python's jinja2 made of it: `generate.py`
/// beside the templates wrote the expected results.
class FeaturesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  record Feature(String name, String template, JsonNode variables) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Feature> features() throws IOException {
    List<Feature> features = new ArrayList<>();
    for (String block : resource("features.txt").split("=== ", -1)) {
      if (!block.isEmpty()) {
        features.add(feature(block));
      }
    }
    return features;
  }

  private static Feature feature(String block) throws IOException {
    int end = block.indexOf('\n');
    String rest = block.substring(end + 1);
    String variables = "{}";
    if (rest.startsWith("vars: ")) {
      int line = rest.indexOf('\n');
      variables = rest.substring("vars: ".length(), line);
      rest = rest.substring(line + 1);
    }
    String template = rest.substring(0, rest.length() - 1);
    return new Feature(block.substring(0, end), template, JSON.readTree(variables));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = FeaturesTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode expected(String feature) throws IOException {
    return JSON.readTree(resource("features.json")).get(feature);
  }

  private static String render(Feature feature) {
    Map<String, JsonNode> variables = new HashMap<>();
    feature.variables().properties().forEach(p -> variables.put(p.getKey(), p.getValue()));
    return JinjaTemplate.parse(feature.template(), Reference.CLOCK, ZoneOffset.UTC)
        .render(variables);
  }

  @ParameterizedTest
  @MethodSource("features")
  void rendersAsPythonDoes(Feature feature) throws IOException {
    JsonNode expected = expected(feature.name());
    if (expected.has("output")) {
      assertThat(render(feature)).isEqualTo(expected.get("output").asText());
    } else {
      assertThatThrownBy(() -> render(feature)).isInstanceOf(TemplateException.class);
    }
  }

  @Test
  void everyExpectedResultHasItsTemplate() throws IOException {
    List<String> names = features().stream().map(Feature::name).toList();
    assertThat(JSON.readTree(resource("features.json")).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(names);
  }
}
