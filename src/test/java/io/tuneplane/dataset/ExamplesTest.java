package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The files under `examples/` are what `examples/README.md` says.
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("examples");
  private static final Path TRAIN = EXAMPLES.resolve("support/train.jsonl");
  private static final Path VALIDATION = EXAMPLES.resolve("support/validation.jsonl");

  @TempDir private Path folder;

  @Test
  void theSupportDataIsGoodForEveryTarget() throws IOException {
    for (Target target : Target.values()) {
      DatasetCheck.Result report = check(target, Optional.empty(), TRAIN, VALIDATION);

      assertThat(report.training().total()).isBetween(100L, 150L);
      assertThat(report.training().errors()).as(target.id()).isEmpty();
      assertThat(report.training().warnings()).as(target.id()).isEmpty();
      assertThat(report.validation().orElseThrow().errors()).isEmpty();
      assertThat(report.validation().orElseThrow().warnings()).isEmpty();
    }
  }

  /// Lines as the README's table has them.
  @Test
  void theBadFileHasEveryKindOfErrorInItsPlace() throws IOException {
    CheckReport report =
        check(Target.OPENAI_CHAT, Optional.empty(), EXAMPLES.resolve("bad.jsonl"), VALIDATION)
            .training();

    SortedMap<Long, Rule> errors = new TreeMap<>();
    report.errors().forEach(e -> errors.put(e.line().orElse(0), e.rule()));
    assertThat(errors)
        .containsExactly(
            entry(0L, Rule.TOO_FEW),
            entry(2L, Rule.BROKEN_JSON),
            entry(3L, Rule.SHAPE),
            entry(4L, Rule.SHAPE),
            entry(5L, Rule.EMPTY_MESSAGES),
            entry(6L, Rule.LAST_MESSAGE),
            entry(7L, Rule.INVALID_ROLES),
            entry(8L, Rule.CONTENT),
            entry(9L, Rule.CONTENT),
            entry(10L, Rule.CONTENT),
            entry(11L, Rule.WEIGHT),
            entry(12L, Rule.NO_USER_TURN),
            entry(13L, Rule.EMPTY_ANSWER),
            entry(14L, Rule.INVALID_UTF8),
            entry(15L, Rule.DUPLICATE_KEYS),
            entry(16L, Rule.NO_TRAINABLE_TOKEN),
            entry(23L, Rule.INVALID_ROLES),
            entry(26L, Rule.NUMBER),
            entry(27L, Rule.BROKEN_JSON),
            entry(28L, Rule.BROKEN_JSON),
            entry(29L, Rule.BROKEN_JSON),
            entry(30L, Rule.INVALID_UTF8));
  }

  /// All but what takes a large file, an empty one, a pair, a template of its own, or a conversion.
  @Test
  void noRuleIsForgotten() throws IOException {
    Set<String> shown = new HashSet<>();
    for (Target target : List.of(Target.OPENAI_CHAT, Target.LOCAL)) {
      Optional<TokenCounter> counter =
          Optional.of(new ModelTokens("m", new WordTokenizer(), TestTemplates.chatMl(), 200));
      DatasetCheck.Result report =
          check(target, counter, EXAMPLES.resolve("bad.jsonl"), VALIDATION);
      shown.addAll(report.training().counts().errors().keySet());
      shown.addAll(report.training().counts().warnings().keySet());
      shown.addAll(report.validation().orElseThrow().counts().warnings().keySet());
    }
    Set<Rule> elsewhere =
        EnumSet.of(
            Rule.TOO_LONG,
            Rule.TEMPLATE,
            Rule.NO_EXAMPLES,
            Rule.SAME_ANSWERS,
            Rule.NOT_EXPRESSIBLE,
            Rule.LOSS);

    for (Rule rule : EnumSet.complementOf(EnumSet.copyOf(elsewhere))) {
      assertThat(shown).contains(rule.id());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "alpaca.json, alpaca, 24",
    "sharegpt.json, sharegpt, 22",
    "preferences.jsonl, openai-preference, 24"
  })
  void theOtherFormatsAreReadAndHaveNoError(String name, String format, long total)
      throws IOException {
    CheckReport report =
        check(Target.LOCAL, Optional.empty(), EXAMPLES.resolve(name), VALIDATION).training();

    assertThat(report.format().id()).isEqualTo(format);
    assertThat(report.total()).isEqualTo(total);
    assertThat(report.errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "alpaca.json, chatml",
    "sharegpt.json, chatml",
    "support/train.jsonl, vertex",
    "preferences.jsonl, trl-preference"
  })
  void theyConvertWithoutAnError(String name, String format) throws IOException {
    Format to = Format.parse(format).orElseThrow();
    Path out = folder.resolve("out.jsonl");
    ConversionReport report =
        new DatasetConversion(
                new DatasetConversion.Request(
                    EXAMPLES.resolve(name), Optional.empty(), to, out, Optional.empty(), false),
                10)
            .run();

    assertThat(report.errors()).isEmpty();
    assertThat(report.total()).isPositive().isEqualTo(report.training());
    assertThat(out).exists();
  }

  private DatasetCheck.Result check(
      Target target, Optional<TokenCounter> counter, Path training, Path validation)
      throws IOException {
    CheckSettings settings = CheckSettings.of(target, counter);
    return new DatasetCheck(settings)
        .run(input(training), Optional.of(input(validation)), DatasetCheck.Progress.NONE);
  }

  private static DatasetCheck.Input input(Path file) {
    return new DatasetCheck.Input(file, Optional.empty());
  }
}
