package io.tuneplane.model.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.TemplateException;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random templates, here and in Python: the same text or failure on both sides. What this
/// interpreter says that it doesn't support may fail here alone. `-Dtuneplane.python=PYTHON` names
/// a Python with transformers; `-Dtuneplane.fuzz=N` how many templates (5000), `-Dtuneplane.seed=N`
/// the seed.
@Tag("heavy")
class DifferentialFuzzIT {

  @Test
  void rendersRandomTemplatesAsPythonDoes() throws IOException {
    int count = Integer.getInteger("tuneplane.fuzz", 5000);
    SplittableRandom random = new SplittableRandom(Long.getLong("tuneplane.seed", 1L));
    Map<String, JsonNode> variables = FuzzTest.variables();
    List<String> differences = new ArrayList<>();
    int texts = 0;
    int unsupported = 0;
    try (Reference reference = new Reference()) {
      for (int i = 0; i < count; i++) {
        String template =
            random.nextInt(4) > 0 ? RandomTemplate.of(random) : RandomTemplate.mutated(random);
        String expected = expected(reference, template, variables);
        String actual = actual(template, variables);
        texts += expected.startsWith("text") ? 1 : 0;
        if (isRefused(actual)) {
          unsupported++;
        } else if (!kind(expected).equals(kind(actual))) {
          differences.add(template + "\n  Python " + expected + "\n  here   " + actual);
        }
      }
    }
    System.getLogger("templates")
        .log(
            System.Logger.Level.INFO,
            "{0} of {1} render, {2} unsupported",
            texts,
            count,
            unsupported);
    assertThat(texts).isGreaterThan(count / 10);
    assertThat(differences).isEmpty();
  }

  /// Refused here: what is not supported, and slices of what has none. Jinja evaluates expressions
  /// of literals before it runs a template, and there takes such a slice for undefined.
  private static boolean isRefused(String result) {
    return result.startsWith("error")
        && (result.endsWith("is not supported") || result.endsWith("is not subscriptable"));
  }

  /// What is compared. Python prints addresses of generators, so both sides count as failures
  /// there.
  private static String kind(String result) {
    return result.startsWith("error")
            || result.contains(" object at 0x")
            || result.contains(" of 0x")
        ? "error"
        : result;
  }

  private static String expected(
      Reference reference, String template, Map<String, JsonNode> variables) throws IOException {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("template", template);
    request.putObject("variables").setAll(variables);
    JsonNode answer = reference.render(request);
    return answer.has("output") ? "text: " + answer.get("output").asText() : "error: " + answer;
  }

  private static String actual(String template, Map<String, JsonNode> variables) {
    try {
      return "text: "
          + JinjaTemplate.parse(template, Reference.CLOCK, ZoneOffset.UTC).render(variables);
    } catch (TemplateException e) {
      return "error: " + e.getMessage();
    }
  }
}
