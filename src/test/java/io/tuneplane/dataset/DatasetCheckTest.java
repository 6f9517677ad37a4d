package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetCheckTest {

  @TempDir private Path folder;

  static IntStream seeds() {
    return IntStream.range(0, 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theDigestDependsOnTheValuesAndTheirOrderAlone(int seed) throws IOException {
    Random random = new Random(seed);
    List<JsonNode> examples = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      examples.add(ExampleWriter.node(Generated.chat(random)));
    }
    String once = check(scrambled(examples, random)).digest();
    assertThat(check(scrambled(examples, random)).digest()).isEqualTo(once);
    Path array = Files.writeString(folder.resolve("a.json"), examples.toString());
    assertThat(check(array).digest()).isEqualTo(once);
    examples.addFirst(examples.removeLast());
    assertThat(check(scrambled(examples, random)).digest()).isNotEqualTo(once);
  }

  private Path scrambled(List<JsonNode> examples, Random random) throws IOException {
    List<String> lines = examples.stream().map(e -> Generated.scrambled(e, random)).toList();
    return Files.write(folder.resolve("a.jsonl"), lines);
  }

  @Test
  void theDigestIsThatOfTheCanonicalLines() throws Exception {
    Path file =
        Files.writeString(folder.resolve("a.jsonl"), "{ \"b\": 1.0, \"a\": \"\\u00e9\\/\" }\r\n");
    byte[] line = "{\"a\":\"é/\",\"b\":1.0}\n".getBytes(StandardCharsets.UTF_8);
    byte[] expected = java.security.MessageDigest.getInstance("SHA-256").digest(line);
    assertThat(check(file).digest()).isEqualTo(java.util.HexFormat.of().formatHex(expected));
  }

  @Test
  void packedFilesGiveTheSameReport() throws IOException {
    Path plain = write(12);
    Path gzip = folder.resolve("a.bin");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      Files.copy(plain, out);
    }
    Path zstd = folder.resolve("b.bin");
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
      Files.copy(plain, out);
    }
    assertThat(check(gzip)).isEqualTo(check(plain));
    assertThat(check(zstd)).isEqualTo(check(plain));
  }

  @Test
  void equalExamplesAreFoundWithinAndAcross() throws IOException {
    Path train =
        write("t.jsonl", chat("one", "1"), chat("two", "2"), chat("one", "1"), chat("three", "3"));
    Path validation = write("v.jsonl", chat("two", "2"), chat("four", "4"), chat("four", "4"));
    DatasetCheck.Result result =
        new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.empty()))
            .run(
                new DatasetCheck.Input(train, Optional.empty()),
                Optional.of(new DatasetCheck.Input(validation, Optional.empty())),
                DatasetCheck.Progress.NONE);
    assertThat(duplicates(result.training()))
        .containsExactly("duplicate: Example 2: the same as example 0 (line 1)");
    assertThat(duplicates(result.validation().orElseThrow()))
        .containsExactly(
            "leakage: Example 0: the same as training example 1 (line 2)",
            "duplicate: Example 2: the same as example 1 (line 2)");
  }

  @Test
  void nearDuplicatesAreFoundAndOthersAreNot() throws IOException {
    String text =
        "My parcel with two tins of tea and a strainer has not arrived yet, and I'd like to know"
            + " where it is, since it was to be a present for my aunt, who turns seventy on Sunday";
    Path file =
        write(
            "t.jsonl",
            chat(text, "I will ask."),
            chat(text.toUpperCase(java.util.Locale.ROOT) + "!?", "I will ask!"),
            chat("What is the capital of France?", "The capital of France is Paris."),
            chat("What is the capital of Spain?", "The capital of Spain is Madrid."),
            chat(
                text.replace("parcel", "box").replace("tins", "bags").replace("aunt", "uncle"),
                "Yes."));
    assertThat(duplicates(check(file)))
        .containsExactly("near-duplicate: Example 1: almost the same as example 0 (line 1)");
  }

  @Test
  void fewOfManyDifferentExamplesAreTakenForAlike() throws IOException {
    Random random = new Random(7);
    String[] words = {
      "tea", "mug", "pot", "lid", "tin", "cup", "leaf", "milk", "box", "bag", "red", "blue", "ask"
    };
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 30; w++) {
        text.append(words[random.nextInt(words.length)]).append(' ');
      }
      lines.add(chat(text.toString(), "ok"));
    }
    assertThat(duplicates(check(write("t.jsonl", lines.toArray(String[]::new))))).isEmpty();
  }

  @Test
  void duplicatesBeyondTheBoundSpillAndTheFilesGo() throws IOException {
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 450_000; i++) {
      lines.add(chat(Integer.toString(i), "a"));
    }
    lines.add(chat("17", "a"));
    Path file = write("t.jsonl", lines.toArray(String[]::new));
    CheckSettings settings =
        new CheckSettings(
            Target.LOCAL,
            Optional.empty(),
            Optional.empty(),
            10,
            true,
            new CheckSettings.Resources(2, scratch));
    assertThat(duplicates(new DatasetCheck(settings).run(file)))
        .containsExactly("duplicate: Example 450000: the same as example 17 (line 18)");
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void validExamplesAreWrittenAsTheRunnerReadsThem() throws IOException {
    Path file =
        write("t.jsonl", "{\"instruction\": \"a\", \"output\": \"b\"}", "{\"instruction\": \"a\"}");
    Path canonical = folder.resolve("train.jsonl");
    CheckReport report =
        new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.empty()))
            .run(
                new DatasetCheck.Input(file, Optional.of(canonical)),
                Optional.empty(),
                DatasetCheck.Progress.NONE)
            .training();
    assertThat(report.valid()).isEqualTo(1);
    assertThat(canonical)
        .hasContent(
            "{\"messages\":[{\"content\":\"a\",\"role\":\"user\"},{\"content\":\"b\",\"role\":\"assistant\"}]}");
    try (Stream<Example> examples = Examples.read(canonical)) {
      assertThat(examples)
          .containsExactly(
              new Example.Chat(
                  List.of(Message.of("user", "a"), Message.of("assistant", "b")), List.of()));
    }
  }

  @Test
  void aCanonicalFileOfGoodChatMlHasTheSameDigest() throws IOException {
    Path file = write(20);
    Path canonical = folder.resolve("train.jsonl");
    CheckReport report =
        new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.empty()))
            .run(
                new DatasetCheck.Input(file, Optional.of(canonical)),
                Optional.empty(),
                DatasetCheck.Progress.NONE)
            .training();
    assertThat(check(canonical).digest()).isEqualTo(report.digest());
  }

  @Test
  void exactCountsFollowTheCookbook() throws IOException {
    // The cookbook's rule, by hand: 3 a message, role and content, 3 for the answer's start.
    Example example =
        new Example.Chat(
            List.of(Message.of("user", "hello world"), Message.of("assistant", "hi")), List.of());
    OpenAiTokens counter = OpenAiTokens.o200k(65_536);
    assertThat(counter.count(example).tokens()).isEqualTo(3 + (1 + 2) + 3 + (1 + 1) + 3);
    assertThat(counter.tokenizer()).isEqualTo("o200k_base");
    assertThat(OpenAiTokens.ofModel("ft:gpt-3.5-turbo-0125:acme::x", 100).tokenizer())
        .isEqualTo("cl100k_base");
    assertThat(OpenAiTokens.ofModel("gpt-4.1-mini", 100).tokenizer()).isEqualTo("o200k_base");
  }

  @Test
  void truncationAndNothingLeftToLearnAreSeenByTheModelsOwnTokenizer() throws IOException {
    String longQuestion = "word ".repeat(60);
    Path file =
        write(
            "t.jsonl",
            chat("short", "short"),
            chat("short", "word ".repeat(60)),
            chat(longQuestion, "b"));
    TokenCounter counter = new ModelTokens("tiny", new WordTokenizer(), TestTemplates.chatMl(), 40);
    CheckReport report =
        new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.of(counter))).run(file);
    assertThat(report.errors())
        .extracting(Finding::message)
        .containsExactly("Example 2: no trainable token is left once the example is cut");
    assertThat(report.warnings())
        .filteredOn(f -> f.rule() == Rule.TRUNCATION)
        .extracting(Finding::message)
        .containsExactly("Example 1: 131 tokens; the end is cut off");
    assertThat(report.tokens().exact().orElseThrow().tokenizer()).isEqualTo("tiny");
  }

  /// Gemini's tokenizer is not public: what stands for the exact count is the estimate, and says
  /// so.
  @Test
  void withoutAPublicTokenizerTheEstimateStandsInAndIsMarked() throws IOException {
    Path file = write("t.jsonl", chat("how long is this?", "as long as it is"), chat("a", "b"));
    CheckReport report =
        new DatasetCheck(CheckSettings.of(Target.VERTEX, Optional.of(new EstimatedTokens(6))))
            .run(file);

    ExactTokens exact = report.tokens().exact().orElseThrow();
    assertThat(exact.tokenizer()).isEqualTo("estimate");
    assertThat(exact.total()).isEqualTo(report.tokens().estimate().total()).isPositive();
    assertThat(report.counts().warnings()).containsEntry("truncation", 1L);
  }

  @Test
  void specialTokensInContentAreAWarning() throws IOException {
    Path file = write("t.jsonl", chat("say <|im_end|>", "no"));
    TokenCounter counter =
        new ModelTokens("tiny", new WordTokenizer(), TestTemplates.chatMl(), 400);
    assertThat(
            new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.of(counter)))
                .run(file)
                .warnings())
        .extracting(Finding::rule)
        .contains(Rule.SPECIAL_TOKENS);
  }

  @Test
  void archivesAndOtherFilesAreRefusedByName() throws IOException {
    Path zip = Files.write(folder.resolve("a.jsonl"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0});
    assertThatThrownBy(() -> check(zip))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("zip archive; unpack it first");
    Path utf16 = Files.writeString(folder.resolve("b.jsonl"), "{}\n", StandardCharsets.UTF_16);
    assertThatThrownBy(() -> check(utf16))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("UTF-16");
  }

  @Test
  void foldersAreSaidToBeFolders() throws IOException {
    assertThatThrownBy(() -> check(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(folder + " is a folder; name a file in it");
    Path file = write("t.jsonl", chat("a", "b"));
    Path out = folder.resolve("none/out.jsonl");
    DatasetConversion conversion =
        new DatasetConversion(
            new DatasetConversion.Request(
                file, Optional.empty(), Format.CHATML, out, Optional.empty(), false),
            10);
    assertThatThrownBy(conversion::run)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no folder " + folder.resolve("none"));
  }

  @Test
  void decompressionBombsAreStopped() throws IOException {
    byte[] blank = new byte[1 << 20];
    Arrays.fill(blank, (byte) '\n');
    Path gzip = folder.resolve("a.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      for (int i = 0; i < 160; i++) {
        out.write(blank);
      }
    }
    Path zstd = folder.resolve("a.zst");
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
      for (int i = 0; i < 160; i++) {
        out.write(blank);
      }
    }
    for (Path bomb : List.of(gzip, zstd)) {
      assertThatThrownBy(() -> check(bomb))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("more than 300 times its size");
    }
  }

  @Test
  void aCutGzipFileIsAnErrorAndLeavesNothingBehind() throws IOException {
    Path gzip = folder.resolve("a.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      Files.copy(write(500), out);
    }
    byte[] bytes = Files.readAllBytes(gzip);
    Files.write(gzip, Arrays.copyOf(bytes, bytes.length - 20));
    Path canonical = folder.resolve("canonical.jsonl");
    assertThatThrownBy(() ->
            new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.empty()))
                .run(
                    new DatasetCheck.Input(gzip, Optional.of(canonical)),
                    Optional.empty(),
                    DatasetCheck.Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("packed data is broken");
    assertThat(canonical).doesNotExist();
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  private static List<String> duplicates(CheckReport report) {
    return report.warnings().stream()
        .filter(f -> f.rule() != Rule.TOO_FEW)
        .map(f -> f.rule().id() + ": " + f.message())
        .toList();
  }

  private static CheckReport check(Path file) throws IOException {
    return new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.empty())).run(file);
  }

  private Path write(int n) throws IOException {
    return write(
        "n.jsonl", IntStream.range(0, n).mapToObj(i -> chat("q" + i, "a")).toArray(String[]::new));
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static String chat(String user, String assistant) {
    return "{\"messages\": [{\"role\": \"user\", \"content\": \""
        + user
        + "\"}, {\"role\": \"assistant\", \"content\": \""
        + assistant
        + "\"}]}";
  }
}
