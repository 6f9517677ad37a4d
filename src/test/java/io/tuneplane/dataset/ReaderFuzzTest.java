package io.tuneplane.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mutated files: no hang, no crash, every error with its line; and the parser agrees with Jackson
/// on what is JSON.
class ReaderFuzzTest {

  private static final List<String> CORPUS =
      List.of(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"Hä? 😀\"}, {\"role\": \"assistant\","
              + " \"content\": \"a\\n\\u00e9\", \"weight\": 1}], \"n\": [1, -2.5e3, true, null]}\n",
          "\ufeff{\"a\": 1}\r\n\r\n{\"a\": {\"a\": {\"a\": []}}}\n",
          "[{\"instruction\": \"x\", \"output\": \"y\"},\r\n {\"instruction\": \"z\"}]",
          "{\"conversations\": [{\"from\": \"human\", \"value\": \"日本\"}]}\n",
          "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\"}\n",
          "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"t\"}]}]}\n",
          "{\"a\": 1e400, \"b\": \"\\ud83d\", \"b\": 2}\n");

  @TempDir private Path folder;

  static IntStream seeds() {
    return IntStream.range(0, 400);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyFileEndsInAReport(int seed) throws IOException {
    Path file = folder.resolve("f");
    Files.write(file, mutated(new Random(seed)));
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> check(file));
  }

  private static void check(Path file) throws IOException {
    CheckReport report;
    try {
      report = new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.empty())).run(file);
      assertThat(report.valid()).isLessThanOrEqualTo(report.total());
      assertThat(report.errors()).allMatch(f -> f.example().isEmpty() || f.line().isPresent());
    } catch (DataException | IOException refused) {
      assertThat(refused).hasMessageMatching("(?s)the (file|packed data) .+");
    }
    assertThatCode(() -> new DatasetScan(5).run(file)).doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theParserAgreesWithJackson(int seed) {
    Random random = new Random(seed);
    JsonMapper jackson =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    for (int i = 0; i < 50; i++) {
      byte[] text = Arrays.copyOf(mutated(random), 300);
      String line = new String(text, UTF_8).replaceAll("[\\x00-\\x1f]+", " ").strip();
      assertThat(ours(line)).as(line).isEqualTo(jackson(jackson, line));
    }
  }

  /// The canonical text, or `broken`.
  private static String ours(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    JsonTape tape = new JsonTape();
    try {
      tape.parse(Arrays.copyOf(bytes, bytes.length + JsonTape.PADDING), 0, bytes.length);
    } catch (LineException e) {
      // Jackson takes these two; we do not.
      return e.rule() == Rule.NUMBER || e.rule() == Rule.INVALID_UTF8 ? "ours alone" : "broken";
    }
    ByteSink out = new ByteSink(16);
    CanonicalJson.write(tape, 0, out);
    return new String(out.bytes(), 0, out.length(), UTF_8);
  }

  private static String jackson(JsonMapper jackson, String line) {
    String ours = ours(line);
    if (ours.equals("ours alone")) {
      return ours;
    }
    try {
      JsonNode node = jackson.readTree(line);
      if (node == null || node.isMissingNode()) {
        return "broken";
      }
      // The same value, if our text reads as what Jackson read.
      return ours.equals("broken") ? "Jackson reads it" : equal(jackson, node, ours);
    } catch (IOException e) {
      return "broken";
    }
  }

  private static String equal(JsonMapper jackson, JsonNode node, String ours) throws IOException {
    return jackson.readTree(ours).equals(node) ? ours : node.toString();
  }

  private static byte[] mutated(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = random.nextInt(4); i >= 0; i--) {
      out.writeBytes(CORPUS.get(random.nextInt(CORPUS.size())).getBytes(UTF_8));
    }
    byte[] bytes = out.toByteArray();
    for (int i = random.nextInt(6); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "{}[]\",:\\\n0-e".charAt(random.nextInt(12));
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 3 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> {
          byte[] head = Arrays.copyOf(bytes, bytes.length + at);
          System.arraycopy(bytes, 0, head, bytes.length, at);
          bytes = head;
        }
      }
    }
    return bytes;
  }
}
