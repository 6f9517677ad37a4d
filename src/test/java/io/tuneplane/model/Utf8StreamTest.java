package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Utf8StreamTest {

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /// Whole or broken, a text comes out as if its bytes had come at once.
  @ParameterizedTest
  @MethodSource("seeds")
  void piecesGiveTheSameTextAsTheWhole(long seed) {
    Random random = new Random(seed);
    byte[] bytes =
        seed % 2 == 0
            ? "a é 日本 👍🏽 \uFFFD – z".repeat(3).getBytes(StandardCharsets.UTF_8)
            : randomBytes(random);
    Utf8Stream stream = new Utf8Stream();
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, random.nextInt(4));
      text.append(stream.next(Arrays.copyOfRange(bytes, at, at + length)));
      at += length;
    }
    text.append(stream.end());
    assertThat(text).hasToString(new String(bytes, StandardCharsets.UTF_8));
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[40];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void aPieceOfACharacterWaits() {
    Utf8Stream stream = new Utf8Stream();
    byte[] smile = "😀".getBytes(StandardCharsets.UTF_8);
    assertThat(stream.next(Arrays.copyOf(smile, 3))).isEmpty();
    assertThat(stream.next(new byte[] {smile[3]})).isEqualTo("😀");
    assertThat(stream.next(Arrays.copyOf(smile, 2))).isEmpty();
    assertThat(stream.end()).isEqualTo("\uFFFD");
  }
}
