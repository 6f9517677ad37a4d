package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetConversionTest {

  @TempDir private Path folder;

  static IntStream seeds() {
    return IntStream.range(0, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void plainConversationsSurviveEveryFormatAndBack(int seed) throws IOException {
    Random random = new Random(seed);
    List<Example> examples =
        Stream.<Example>generate(() -> Generated.plainChat(random)).limit(20).toList();
    Path chatml = write("a.jsonl", examples);
    for (Format format : List.of(Format.ALPACA, Format.SHAREGPT, Format.VERTEX)) {
      assertThat(thereAndBack(chatml, format, Format.CHATML)).as(format.id()).isEqualTo(examples);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void pairsSurviveTrlsFormAndBack(int seed) throws IOException {
    Random random = new Random(seed);
    List<Example> examples =
        Stream.<Example>generate(() -> Generated.pair(random)).limit(20).toList();
    Path pairs = write("a.jsonl", examples);
    assertThat(thereAndBack(pairs, Format.TRL_PREFERENCE, Format.OPENAI_PREFERENCE))
        .isEqualTo(examples);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsPrintedIsReadAgain(int seed) throws IOException {
    Random random = new Random(seed);
    List<Example> examples =
        Stream.<Example>generate(() -> Generated.chat(random)).limit(20).toList();
    assertThat(read(write("a.jsonl", examples))).isEqualTo(examples);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aSplitPartitionsExactlyAndDoesNotDependOnTheOrder(int seed) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      lines.add(line(Message.of("user", "q" + random.nextInt(200))));
    }
    Path all = Files.write(folder.resolve("all.jsonl"), lines);
    Set<String> held = split(all, seed, lines);
    java.util.Collections.shuffle(lines, random);
    assertThat(split(Files.write(all, lines), seed, lines)).isEqualTo(held);
  }

  private Set<String> split(Path all, long seed, List<String> lines) throws IOException {
    Path training = folder.resolve("t.jsonl");
    Path validation = folder.resolve("v.jsonl");
    ConversionReport report =
        convert(all, Format.CHATML, training, Optional.of(new Split(validation, 0.2, seed)), false);
    List<String> left = Files.readAllLines(training);
    List<String> held = Files.readAllLines(validation);
    assertThat(report.training()).isEqualTo(left.size());
    assertThat(report.validation()).isEqualTo(held.size()).isBetween(20L, 110L);
    List<String> both = new ArrayList<>(left);
    both.addAll(held);
    assertThat(both).containsExactlyInAnyOrderElementsOf(lines);
    assertThat(new HashSet<>(left)).doesNotContainAnyElementsOf(held);
    return new HashSet<>(held);
  }

  @Test
  void whatAFormatHasNoPlaceForIsListedAsALoss() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.jsonl"),
            "{\"messages\":[{\"role\":\"user\",\"name\":\"Ann\",\"content\":\"a\"},"
                + "{\"role\":\"assistant\",\"content\":\"b\",\"weight\":0},"
                + "{\"role\":\"user\",\"content\":\"c\"},"
                + "{\"role\":\"assistant\",\"content\":\"d\"}],\"id\":7}\n");
    ConversionReport report =
        convert(file, Format.ALPACA, folder.resolve("b.jsonl"), Optional.empty(), false);
    assertThat(report.losses())
        .extracting(Finding::message)
        .containsExactly(
            "Example 0: loses the names of participants",
            "Example 0: loses a weight of 0: every answer is learnt",
            "Example 0: loses 'id'");
    assertThat(report.training()).isEqualTo(1);
  }

  @Test
  void whatCannotBeSaidStopsAllOrIsLeftOut() throws IOException {
    Example.Chat good = Generated.plainChat(new Random(1));
    Random random = new Random(2);
    Example.Chat tools = Generated.chat(random);
    while (tools.tools().isEmpty()) {
      tools = Generated.chat(random);
    }
    Path file = write("a.jsonl", List.of(good, tools));
    Path out = folder.resolve("b.jsonl");
    ConversionReport refused = convert(file, Format.ALPACA, out, Optional.empty(), false);
    assertThat(refused.errors())
        .extracting(Finding::message)
        .containsExactly("Example 1: Alpaca has no tools");
    assertThat(refused.training()).isZero();
    assertThat(out).doesNotExist();
    ConversionReport skipped = convert(file, Format.ALPACA, out, Optional.empty(), true);
    assertThat(skipped.leftOut()).isEqualTo(1);
    assertThat(Files.readAllLines(out)).hasSize(1);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void readsAnAlpacaArrayAndShareGptsCalls() throws IOException {
    Path alpaca =
        Files.writeString(
            folder.resolve("a.json"),
            """
            [
              {"instruction": "Add", "input": "1 and 2", "output": "3"},
              {"instruction": "Say hi", "input": "", "output": "hi", "system": "Be kind.",
               "history": [["q", "a"]]}
            ]
            """);
    assertThat(read(alpaca))
        .containsExactly(
            new Example.Chat(
                List.of(Message.of("user", "Add\n\n1 and 2"), Message.of("assistant", "3")),
                List.of()),
            new Example.Chat(
                List.of(
                    Message.of("system", "Be kind."),
                    Message.of("user", "q"),
                    Message.of("assistant", "a"),
                    Message.of("user", "Say hi"),
                    Message.of("assistant", "hi")),
                List.of()));
    Path shareGpt =
        Files.writeString(
            folder.resolve("s.json"),
            "[{\"conversations\": [{\"from\": \"human\", \"value\": \"?\"}, {\"from\":"
                + " \"function_call\", \"value\": \"{\\\"name\\\": \\\"f\\\", \\\"arguments\\\":"
                + " {\\\"a\\\": 1}}\"}, {\"from\": \"observation\", \"value\": \"7\"},"
                + " {\"from\": \"gpt\", \"value\": \"Seven.\"}]}]");
    Example.Chat chat = (Example.Chat) read(shareGpt).getFirst();
    assertThat(chat.messages())
        .extracting(Message::role)
        .containsExactly("user", "assistant", "tool", "assistant");
    assertThat(chat.messages().get(1).toolCalls().getFirst().at("/function/arguments").asText())
        .isEqualTo("{\"a\":1}");
  }

  @Test
  void readsTrlsTextsAndTheImplicitPrompt() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.jsonl"),
            """
            {"prompt": "q", "chosen": "good", "rejected": "bad"}
            {"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}],\
             "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}]}
            """);
    Example pair =
        new Example.Preference(
            List.of(Message.of("user", "q")),
            List.of(Message.of("assistant", "good")),
            List.of(Message.of("assistant", "bad")),
            List.of());
    assertThat(read(file)).containsExactly(pair, pair);
  }

  private List<Example> thereAndBack(Path file, Format there, Format back) throws IOException {
    Path other = folder.resolve(there.id() + ".jsonl");
    Path again = folder.resolve(there.id() + ".back.jsonl");
    assertThat(convert(file, there, other, Optional.empty(), false).losses()).isEmpty();
    assertThat(convert(other, back, again, Optional.empty(), false).losses()).isEmpty();
    return read(again);
  }

  private static ConversionReport convert(
      Path file, Format to, Path out, Optional<Split> split, boolean skip) throws IOException {
    return new DatasetConversion(
            new DatasetConversion.Request(file, Optional.empty(), to, out, split, skip), 10)
        .run();
  }

  private static String line(Message question) {
    Example chat = new Example.Chat(List.of(question, Message.of("assistant", "a")), List.of());
    return new String(ExampleWriter.canonical(chat), StandardCharsets.UTF_8);
  }

  private Path write(String name, List<? extends Example> examples) throws IOException {
    List<String> lines =
        examples.stream()
            .map(e -> new String(ExampleWriter.canonical(e), StandardCharsets.UTF_8))
            .toList();
    return Files.write(folder.resolve(name), lines);
  }

  private static List<Example> read(Path file) throws IOException {
    try (Stream<Example> examples = Examples.read(file)) {
      return examples.toList();
    }
  }
}
