package io.tuneplane.runner.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StopTextsTest {

  @Test
  void aStopTextAcrossPiecesIsFoundAndLeftOut() {
    StopTexts stops = new StopTexts(List.of("END", "\n\n"));
    assertThat(stops.next("one E")).isEqualTo("one ");
    assertThat(stops.next("N")).isEmpty();
    assertThat(stops.found()).isFalse();
    assertThat(stops.next("D two")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.end()).isEmpty();
  }

  @Test
  void whatOnlyLookedLikeAStopTextComesOutLater() {
    StopTexts stops = new StopTexts(List.of("abc"));
    assertThat(stops.next("xab")).isEqualTo("x");
    assertThat(stops.next("ab")).isEqualTo("ab");
    assertThat(stops.end()).isEqualTo("ab");
  }

  @Test
  void theFirstStopTextInTheAnswerCounts() {
    StopTexts stops = new StopTexts(List.of("late", "soon"));
    assertThat(stops.next("now soon late")).isEqualTo("now ");
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void piecesGiveWhatTheWholeWouldGive(long seed) {
    Random random = new Random(seed);
    String text = letters(random, 60);
    List<String> stopTexts = List.of(letters(random, 3), letters(random, 4), letters(random, 5));
    int first = text.length();
    for (String stop : stopTexts) {
      int at = text.indexOf(stop);
      first = at < 0 ? first : Math.min(first, at);
    }
    assertThat(inPieces(random, text, new StopTexts(stopTexts)))
        .isEqualTo(text.substring(0, first));
  }

  private static String inPieces(Random random, String text, StopTexts stops) {
    List<String> out = new ArrayList<>();
    int at = 0;
    while (at < text.length() && !stops.found()) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(6));
      out.add(stops.next(text.substring(at, end)));
      at = end;
    }
    out.add(stops.end());
    return String.join("", out);
  }

  private static String letters(Random random, int count) {
    StringBuilder text = new StringBuilder();
    random.ints(count, 'a', 'd').forEach(c -> text.append((char) c));
    return text.toString();
  }
}
