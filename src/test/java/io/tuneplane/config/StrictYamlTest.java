package io.tuneplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.config.YamlNode.Mapping;
import io.tuneplane.config.YamlNode.Scalar;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictYamlTest {

  private static Mapping read(String yaml) {
    return (Mapping) StrictYaml.parse("f.yaml", yaml);
  }

  @Test
  void everyNodeKnowsItsLine() {
    Mapping file = read("a: 1\nb:\n  c: [x,\n    y]\n");

    assertThat(file.get("a").orElseThrow().where()).isEqualTo("f.yaml:1");
    assertThat(((Mapping) file.get("b").orElseThrow()).get("c").orElseThrow().where())
        .isEqualTo("f.yaml:3");
  }

  @Test
  void numbersStayAsWritten() {
    assertThat(read("a: 1.10\nb: 0.1\nc: 1e400\nd: 2026-11-23\ne: ~\n").entries().values())
        .extracting(node -> ((Scalar) node).text())
        .containsExactly(
            Optional.of("1.10"),
            Optional.of("0.1"),
            Optional.of("1e400"),
            Optional.of("2026-11-23"),
            Optional.empty());
  }

  @Test
  void anEmptyTextIsAnEmptyMapping() {
    assertThat(read("# nothing\n").entries()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: &x 1\\nb: *x            | f.yaml:2: anchors and aliases are not read",
        "a: &x [1]\\nb: [*x, *x]    | f.yaml:1: anchors and aliases are not read",
        "a: !!java.net.URL [x]      | f.yaml:1: tags are not read",
        "a: 1\\na: 2                | f.yaml:2: the key 'a' stands twice",
        "a: 1\\n---\\nb: 2          | f.yaml:3: a second document",
        "a: [1\\n                   | f.yaml:2: ",
        "a: 1\\n\\tb: 2             | f.yaml:2: ",
      })
  void whatIsDangerousOrAmbiguousIsRefusedWithItsLine(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml.replace("\\n", "\n").replace("\\t", "\t")))
        .isInstanceOf(YamlException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aBombOfAliasesIsRefusedAtItsFirstAnchor() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> read(bomb.toString())).hasMessageStartingWith("f.yaml:1:");
  }

  @Test
  void deepNestingAndEndlessTextsAreRefused() {
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(YamlException.class);
    assertThatThrownBy(() -> read("a: " + "{a: ".repeat(40) + "1" + "}".repeat(40)))
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> read("#".repeat(StrictYaml.MAX_CHARACTERS + 1)))
        .hasMessageContaining("longer than");
  }
}
