package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files of each format, by seeded mutation of sound ones: each is read, or refused with a
/// [ModelException]; nothing else is thrown, and no case takes long or asks for absurd memory (the
/// tests run in a small heap). `-Dtuneplane.test.cases=3000` tries more of them.
class HostileFilesTest {

  private static final int CASES = Integer.getInteger("tuneplane.test.cases", 300);

  /// Numbers and pieces that break careless readers.
  private static final List<String> PIECES =
      List.of(
          "-1",
          "0",
          "1e400",
          "9223372036854775807",
          "18446744073709551616",
          "null",
          "{}",
          "[]",
          "\"\"",
          "true",
          "\uD800",
          "[[[[[[[[",
          "\"\\u0000\"",
          "4294967296");

  private static final long[] NUMBERS = {
    -1, 0, 1, 255, 1L << 31, 1L << 32, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, 100_000_000
  };

  @TempDir Path temp;

  @Test
  @Timeout(120)
  void safetensors() throws IOException {
    Path folder = TinyLlama.seeded(1).writeFolder(temp);
    attack(folder.resolve("model.safetensors"), 1500, HostileFilesTest::readEverything, folder);
  }

  @Test
  @Timeout(120)
  void gguf() throws IOException {
    Path file = TinyLlama.seeded(1).withLlama3Rope().writeGguf(temp.resolve("m.gguf"));
    attack(file, 9000, HostileFilesTest::readEverything, file);
  }

  @Test
  @Timeout(120)
  void configuration() throws IOException {
    Path folder = TinyLlama.seeded(1).withLlama3Rope().writeFolder(temp);
    attack(folder.resolve("config.json"), Integer.MAX_VALUE, p -> Models.open(p).close(), folder);
  }

  @Test
  @Timeout(120)
  void shardIndex() throws IOException {
    Path folder = TinyLlama.seeded(1).inShards(2).writeFolder(temp);
    attack(
        folder.resolve("model.safetensors.index.json"),
        Integer.MAX_VALUE,
        p -> Models.open(p).close(),
        folder);
  }

  @Test
  @Timeout(120)
  void tokenizer() throws IOException {
    Path folder = TinyLlama.seeded(1).writeFolder(temp);
    attack(folder.resolve("tokenizer.json"), Integer.MAX_VALUE, HostileFilesTest::tokenise, folder);
  }

  @Test
  @Timeout(120)
  void tokenizerSettings() throws IOException {
    Path folder = TinyLlama.seeded(1).writeFolder(temp);
    attack(
        folder.resolve("tokenizer_config.json"),
        Integer.MAX_VALUE,
        p -> {
          try (BaseModel model = Models.open(p)) {
            model.chatTemplate();
          } catch (TemplateException e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        },
        folder);
  }

  /// @param within mutations fall into the first so many bytes, where the structure is
  private static void attack(Path file, int within, Consumer<Path> reader, Path opened)
      throws IOException {
    byte[] sound = Files.readAllBytes(file);
    int refused = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Files.write(file, mutated(sound, Math.min(within, sound.length), new Random(seed)));
      try {
        reader.accept(opened);
      } catch (ModelException e) {
        refused++;
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(refused).isGreaterThan(CASES / 10);
  }

  private static byte[] mutated(byte[] sound, int within, Random random) {
    byte[] bytes = sound.clone();
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(Math.min(within, bytes.length));
      bytes =
          switch (random.nextInt(6)) {
            case 0 -> flipped(bytes, at, random);
            case 1 -> Arrays.copyOf(bytes, at + 1);
            case 2 -> withNumber(bytes, at, random);
            case 3 -> replaced(bytes, at, random);
            case 4 -> without(bytes, at, 1 + random.nextInt(20));
            default -> doubled(bytes, at, 1 + random.nextInt(60));
          };
    }
    return bytes;
  }

  private static byte[] flipped(byte[] bytes, int at, Random random) {
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private static byte[] withNumber(byte[] bytes, int at, Random random) {
    if (at + 8 <= bytes.length) {
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(at, NUMBERS[random.nextInt(NUMBERS.length)]);
    }
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, int at, Random random) {
    byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
    int skipped = Math.min(bytes.length - at, random.nextInt(6));
    return joined(bytes, at, piece, at + skipped);
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    return joined(bytes, at, new byte[0], Math.min(bytes.length, at + length));
  }

  private static byte[] doubled(byte[] bytes, int at, int length) {
    return joined(
        bytes, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + length)), at);
  }

  private static byte[] joined(byte[] bytes, int until, byte[] piece, int from) {
    return ByteBuffer.allocate(until + piece.length + bytes.length - from)
        .put(bytes, 0, until)
        .put(piece)
        .put(bytes, from, bytes.length - from)
        .array();
  }

  private static void readEverything(Path path) {
    try (BaseModel model = Models.open(path)) {
      for (String name : model.weights().names()) {
        Tensor tensor = model.weights().tensor(name);
        if (tensor.size() < 1 << 22 && tensor.dtype() != DType.I64) {
          tensor.copyTo(MemorySegment.ofArray(new float[(int) tensor.size()]));
        }
      }
      if (Files.isRegularFile(path)) {
        tokenise(model);
      }
    }
  }

  private static void tokenise(Path path) {
    try (BaseModel model = Models.open(path)) {
      tokenise(model);
    }
  }

  private static void tokenise(BaseModel model) {
    Tokenizer tokenizer = model.tokenizer();
    int[] ids = tokenizer.encode("<|im_start|>The end of the day, 42 – 日本<|im_end|>");
    for (int id : ids) {
      assertThat(id).isBetween(0, model.config().vocabSize() - 1);
    }
    tokenizer.encodeOrdinary("<|im_start|>");
    assertThat(tokenizer.decode(ids)).isNotNull();
  }
}
