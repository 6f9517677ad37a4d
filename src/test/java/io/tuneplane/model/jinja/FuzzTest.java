package io.tuneplane.model.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tuneplane.model.TemplateException;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random templates end in a text or a [TemplateException], and nothing else.
class FuzzTest {

  private static final int TEMPLATES_A_SEED = 100;

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  /// The variables of every random template.
  static Map<String, JsonNode> variables() throws IOException {
    String json =
        """
        {"s": "a text", "l": [3, "b", null], "d": {"k": {"a": 1}, "a": "v", "items": 5},
         "m": [{"role": "user", "content": "{{ q }} hi"}, {"role": "assistant", "content": "yo\\n"}]}
        """;
    Map<String, JsonNode> variables = new HashMap<>();
    new ObjectMapper()
        .readTree(json)
        .properties()
        .forEach(p -> variables.put(p.getKey(), p.getValue()));
    return variables;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void endsInTextOrTemplateException(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int rendered = 0;
    for (int i = 0; i < TEMPLATES_A_SEED; i++) {
      String template =
          random.nextBoolean() ? RandomTemplate.of(random) : RandomTemplate.mutated(random);
      rendered += render(template, seed) ? 1 : 0;
    }
    assertThat(rendered).as("templates that render, of %d", TEMPLATES_A_SEED).isPositive();
  }

  private static boolean render(String template, long seed) throws IOException {
    try {
      JinjaTemplate.parse(template, Reference.CLOCK, ZoneOffset.UTC).render(variables());
      return true;
    } catch (TemplateException e) {
      assertThat(e).hasMessageNotContaining("null");
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      return fail("seed " + seed + ", template:\n" + template, e);
    }
  }
}
