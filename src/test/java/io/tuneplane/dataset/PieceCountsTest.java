package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PieceCountsTest {

  private static final Encoding JTOKKIT =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

  /// Of every class that the expression tells apart, and what stands at their borders.
  private static final List<String> PARTS =
      List.of(
          "a",
          "the",
          "Hello",
          "HTTP",
          "iPhone",
          "McDonald",
          "x",
          "Z",
          "ab",
          "I",
          "don",
          "'s",
          "'S",
          "'t",
          "'re",
          "'RE",
          "'Ve",
          "'m",
          "'ll",
          "'lL",
          "'d",
          "'",
          "'x",
          "'l",
          "'\u017f",
          "\u2019s",
          "1",
          "23",
          "456",
          "7890123",
          "\u0663",
          "\u2167",
          "\u00bd",
          "\ud835\udfd8",
          " ",
          "  ",
          "   ",
          "\n",
          "\r\n",
          "\n\n",
          "\t",
          "\u000b",
          "\f",
          "\u001c",
          "\u0085",
          "\u00a0",
          "\u2003",
          "\u2028",
          "\u3000",
          "\u200b",
          "!",
          "?!",
          "...",
          "/",
          "//",
          "/\n",
          "-",
          "_",
          "(",
          ")",
          "{\"",
          "\":",
          "$",
          "\u20ac",
          "\u00e9",
          "e\u0301",
          "\u0301",
          "\u0301A",
          "!\u0301",
          "\u20dd",
          "\u0903",
          "\u00c9",
          "\u00df",
          "\u01c5",
          "\u01c5a",
          "\u02b0",
          "A\u02b0B",
          "\u0130",
          "\u6771\u4eac",
          "\u3042",
          "\u30a2\u30fc",
          "\ud55c",
          "\u0e01\u0e33",
          "\u05d0",
          "\u0627\u0644",
          "\u0915\u094d\u0937",
          "\ud83d\ude42",
          "\ud83d\udc69\u200d\ud83d\udcbb",
          "\ud83c\uddeb\ud83c\uddf7",
          "\ufe0f",
          "\ud801\udc00",
          "\ud801\udc28",
          "\ud840\udc00",
          "\u0000",
          "\u001b",
          "\ufeff",
          "\ufffd",
          "<|endoftext|>",
          "http://x.y/z?q=1",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "ABCDEFGHIJKLMNOPQRS");

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void countsAreJtokkits(long seed) {
    Random random = new Random(seed);
    PieceCounts counts = new PieceCounts(JTOKKIT);
    for (int i = 0; i < 40; i++) {
      String text = text(random);
      assertThat(counts.count(text)).as(escaped(text)).isEqualTo(JTOKKIT.countTokensOrdinary(text));
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(40); n > 0; n--) {
      if (random.nextInt(12) == 0) {
        text.appendCodePoint(character(random));
      } else {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
    }
    return text.toString();
  }

  private static int character(Random random) {
    int c = random.nextInt(random.nextBoolean() ? 0x3000 : 0x20000);
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/costs.md",
        "src/main/java/io/tuneplane/dataset/JsonTape.java",
        "examples/support/train.jsonl",
        "examples/sharegpt.json"
      })
  void countsOfRealTextAreJtokkits(Path file) throws IOException {
    String text = Files.readString(file);
    PieceCounts counts = new PieceCounts(JTOKKIT);
    int first = counts.count(text);
    int again = counts.count(text);

    assertThat(first).isEqualTo(JTOKKIT.countTokensOrdinary(text));
    assertThat(again).isEqualTo(first);
  }

  /// More different words than there is room for: each pushes others out, and none is miscounted.
  @Test
  void moreWordsThanItRemembersAreCountedAllTheSame() {
    PieceCounts counts = new PieceCounts(JTOKKIT);
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append(' ').append(Integer.toString(random.nextInt(1 << 30), 36));
    }

    assertThat(counts.count(text.toString()))
        .isEqualTo(JTOKKIT.countTokensOrdinary(text.toString()));
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(c -> out.append(c >= ' ' && c < 127 ? "" + (char) c : "\\u%04x".formatted(c)));
    return out.toString();
  }
}
