package io.tuneplane.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One test a rule. The first three messages are the section's, to the letter.
class RulesTest {

  private static final String GOOD =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"},"
          + " {\"role\": \"assistant\", \"content\": \"Hello\"}]}";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("train.jsonl");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages": []}   | Example 1: empty messages
          {}                 | Example 1: empty messages
          {"messages": null} | Example 1: empty messages
          {"messages": ""}   | Example 1: empty messages
          {"messages": {}}   | Example 1: empty messages
          {"prompt": "x"}    | Example 1: empty messages
          """)
  void emptyMessages(String line, String message) throws IOException {
    assertThat(only(line, Rule.EMPTY_MESSAGES).message()).isEqualTo(message);
  }

  @Test
  void lastMessage() throws IOException {
    Finding error = only(messages(turn("user", "a")), Rule.LAST_MESSAGE);
    assertThat(error.message()).isEqualTo("Example 1: last message must be 'assistant'");
    assertThat(error.example()).hasValue(1);
    assertThat(error.line()).hasValue(2);
  }

  @Test
  void invalidRolesAreSortedAndPrintedAsPythonDoes() throws IOException {
    String line =
        messages(turn("user", "a"), turn("tool", "b"), turn("it's", "c"), turn("assistant", "d"));
    assertThat(only(line, Rule.INVALID_ROLES).message())
        .isEqualTo("Example 1: invalid roles {\"it's\", 'tool'}");
  }

  @Test
  void theFirstRuleOfTheSectionsOrderIsTheOneReported() throws IOException {
    String line = messages(turn("robot", "a"), turn("user", "b"));
    assertThat(only(line, Rule.LAST_MESSAGE).message())
        .isEqualTo("Example 1: last message must be 'assistant'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"role": "user"}                   | Example 1: message 0 has no content
          {"role": "user", "content": null}  | Example 1: message 0 has no content
          {"role": "user", "content": 12}    | Example 1: the content of message 0 is not a string
          {"role": "user", "content": ["a"]} | Example 1: the content of message 0 is not a string
          """)
  void content(String turn, String message) throws IOException {
    assertThat(only(messages(turn, turn("assistant", "x")), Rule.CONTENT).message())
        .isEqualTo(message);
  }

  @Test
  void anAssistantsToolCallsStandForContent() throws IOException {
    String call =
        "{\"role\": \"assistant\", \"tool_calls\": [{\"id\": \"1\", \"type\": \"function\","
            + " \"function\": {\"name\": \"f\", \"arguments\": \"{}\"}}]}";
    String line = messages(turn("user", "a"), call, turn("tool", "b"), turn("assistant", "c"));
    assertThat(check(Target.OPENAI_CHAT_TOOLS, line).errors()).isEmpty();
    assertThat(check(Target.OPENAI_CHAT, line).errors())
        .extracting(Finding::message)
        .containsExactly("Example 1: invalid roles {'tool'}");
    assertThat(check(Target.OPENAI_CHAT, messages(turn("user", "a"), call)).errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2", "0.5", "1.0", "-1", "true", "null"})
  void weight(String weight) throws IOException {
    String answer = "{\"role\": \"assistant\", \"content\": \"x\", \"weight\": " + weight + "}";
    assertThat(only(messages(turn("user", "a"), answer), Rule.WEIGHT).message())
        .isEqualTo("Example 1: the weight of message 1 is neither 0 nor 1");
  }

  @Test
  void noUserTurn() throws IOException {
    assertThat(
            only(messages(turn("system", "a"), turn("assistant", "b")), Rule.NO_USER_TURN)
                .message())
        .isEqualTo("Example 1: no user turn");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"``", "` `", "`\\n`", "`\\u00a0\\u2003`"})
  void emptyAnswer(String answer) throws IOException {
    boolean blank = !answer.contains("00a0");
    List<Finding> errors =
        check(Target.OPENAI_CHAT, messages(turn("user", "a"), turn("assistant", answer))).errors();
    assertThat(errors)
        .extracting(Finding::message)
        .isEqualTo(blank ? List.of("Example 1: empty assistant answer") : List.of());
  }

  @Test
  void noTrainableToken() throws IOException {
    String answer = "{\"role\": \"assistant\", \"content\": \"x\", \"weight\": 0}";
    assertThat(only(messages(turn("user", "a"), answer), Rule.NO_TRAINABLE_TOKEN).message())
        .isEqualTo("Example 1: no trainable token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages": [}           | 15 | expected a value, not '}'
          {"messages": []           | 16 | the line ends where ',' or '}' is due
          {"messages": "ab          | 17 | the line ends within a string
          {"a": "\\q"}              | 8  | an unknown escape
          {"a": 01}                 | 7  | a number starts with 0
          {"a": 1} x                | 10 | text after the end of the value
          {'a': 1}                  | 2  | expected a key in double quotes, not '''
          {"ä": nul}                | 7  | expected a value, not 'n'
          {"a": NaN}                | 7  | expected a value, not 'N'
          """)
  void brokenJsonHasLineAndColumn(String line, int column, String what) throws IOException {
    Finding error = only(line, Rule.BROKEN_JSON);
    assertThat(error.message())
        .isEqualTo("Example 1: broken JSON at line 2, column " + column + ": " + what);
    assertThat(error.column()).hasValue(column);
  }

  @Test
  void nulBytesAreBrokenJson() throws IOException {
    assertThat(only("{\"a\": \"b\0c\"}", Rule.BROKEN_JSON).message())
        .isEqualTo(
            "Example 1: broken JSON at line 2, column 9: a control character (0x00) must be"
                + " escaped");
  }

  @Test
  void deepNestingIsBrokenJson() throws IOException {
    assertThat(only("{\"a\": " + "[".repeat(100_000), Rule.BROKEN_JSON).message())
        .endsWith("nested deeper than 128");
  }

  @Test
  void wrongShape() throws IOException {
    assertThat(only("[1]", Rule.SHAPE).message()).isEqualTo("Example 1: not an object");
    assertThat(only("{\"messages\": \"ab\"}", Rule.SHAPE).message())
        .isEqualTo("Example 1: 'messages' is not a list");
    assertThat(only("{\"messages\": [7]}", Rule.SHAPE).message())
        .isEqualTo("Example 1: message 0 is not an object");
    assertThat(only("{\"messages\": [{\"content\": \"a\"}]}", Rule.SHAPE).message())
        .isEqualTo("Example 1: message 0 has no role");
  }

  @Test
  void duplicateKeysOnAnyLevel() throws IOException {
    String line =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\", \"rol\\u0065\": \"b\"}]}";
    assertThat(only(line, Rule.DUPLICATE_KEYS).message())
        .isEqualTo("Example 1: duplicate key 'role' at line 2, column 48");
  }

  @Test
  void duplicateKeysAmongMany() throws IOException {
    StringBuilder line = new StringBuilder("{");
    for (int i = 40; i > 0; i--) {
      line.append("\"k").append(i).append("\": 1, ");
    }
    assertThat(only(line + "\"k7\": 2}", Rule.DUPLICATE_KEYS).message())
        .startsWith("Example 1: duplicate key 'k7' at line 2");
  }

  @ParameterizedTest
  @CsvSource({"c3 28", "ff", "c0 80", "ed a0 80", "f5 80 80 80", "e2 82", "80"})
  void invalidUtf8(String hex) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((GOOD + "\n{\"ä\": \"ö").getBytes(UTF_8));
    bytes.writeBytes(HexFormat.ofDelimiter(" ").parseHex(hex));
    bytes.writeBytes("\"}\n".getBytes(UTF_8));
    Files.write(file, bytes.toByteArray());
    List<Finding> errors = run(Target.LOCAL).errors();
    assertThat(errors)
        .extracting(Finding::message)
        .containsExactly("Example 1: invalid UTF-8 at line 2, column 9");
  }

  @Test
  void halfOfASurrogatePair() throws IOException {
    assertThat(only("{\"a\": \"\\ud83d\"}", Rule.INVALID_UTF8).message())
        .isEqualTo("Example 1: half of a surrogate pair is escaped at line 2, column 8");
  }

  @Test
  void numbersBeyondADouble() throws IOException {
    assertThat(only("{\"a\": 1e400}", Rule.NUMBER).message())
        .isEqualTo("Example 1: the number 1e400 is out of range at line 2, column 7");
  }

  @Test
  void aLineBeyondTheLimitIsPassedOver() throws IOException {
    String longLine = "{\"a\": \"" + "x".repeat(17 << 20) + "\"}";
    Files.writeString(file, GOOD + "\n" + longLine + "\n\n" + GOOD + "x\n");
    CheckReport report = run(Target.LOCAL);
    assertThat(report.errors())
        .extracting(Finding::message)
        .containsExactly(
            "Example 1: the line has 17825801 bytes; at most 16777216 are read",
            "Example 2: broken JSON at line 4, column 93: text after the end of the value");
    assertThat(report.total()).isEqualTo(3);
  }

  @Test
  void aByteOrderMarkIsAWarning() throws IOException {
    Files.writeString(file, "\ufeff" + GOOD + "\n");
    CheckReport report = run(Target.LOCAL);
    assertThat(report.errors()).isEmpty();
    assertThat(report.warnings())
        .contains(Finding.ofSet(Rule.BOM, "the file starts with a byte order mark"));
  }

  @Test
  void windowsLineEndsAndBlankLinesAreFine() throws IOException {
    Files.writeString(file, "\r\n" + GOOD + "\r\n  \r\n{}\r\n");
    CheckReport report = run(Target.LOCAL);
    assertThat(report.total()).isEqualTo(2);
    assertThat(report.errors())
        .extracting(f -> f.line().getAsLong() + " " + f.message())
        .containsExactly("4 Example 1: empty messages");
  }

  @Test
  void tooFewExamplesAreAnErrorWhereTheTargetHasAMinimum() throws IOException {
    Files.writeString(file, GOOD + "\n");
    assertThat(run(Target.OPENAI_CHAT).errors())
        .extracting(Finding::rule, Finding::message)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                Rule.TOO_FEW, "1 valid examples; openai-chat takes 10 or more"));
    assertThat(run(Target.LOCAL).errors()).isEmpty();
    assertThat(run(Target.LOCAL).warnings())
        .extracting(Finding::rule)
        .containsExactly(Rule.TOO_FEW);
  }

  @Test
  void anEmptyFileHasNoExamples() throws IOException {
    Files.writeString(file, "\n\n");
    assertThat(run(Target.LOCAL).errors())
        .containsExactly(Finding.ofSet(Rule.NO_EXAMPLES, "the file has no examples"));
  }

  @Test
  void theFirstErrorsAreListedAndAllAreCounted() throws IOException {
    Files.writeString(file, "{}\n".repeat(250_000));
    CheckReport report = run(Target.LOCAL);
    assertThat(report.counts().errors()).containsEntry("empty-messages", 250_000L);
    assertThat(report.errors()).hasSize(100);
    assertThat(report.errors().getLast().message()).isEqualTo("Example 99: empty messages");
  }

  private Finding only(String line, Rule rule) throws IOException {
    List<Finding> errors = check(Target.OPENAI_CHAT, line).errors();
    assertThat(errors).extracting(Finding::rule).containsExactly(rule);
    return errors.getFirst();
  }

  /// Checks a good example, the line, and enough good ones after it.
  private CheckReport check(Target target, String line) throws IOException {
    Files.writeString(file, GOOD + "\n" + line + "\n" + (GOOD + "\n").repeat(9));
    return run(target);
  }

  private CheckReport run(Target target) throws IOException {
    return new DatasetCheck(CheckSettings.of(target, Optional.empty())).run(file);
  }

  private static String messages(String... turns) {
    return "{\"messages\": [" + String.join(", ", turns) + "]}";
  }

  private static String turn(String role, String content) {
    return "{\"role\": \"" + role + "\", \"content\": \"" + content + "\"}";
  }
}
