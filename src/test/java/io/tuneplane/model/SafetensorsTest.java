package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  @TempDir Path temp;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = temp.resolve("x.safetensors");
    SafetensorsWriter.write(
        file,
        List.of(
            SafetensorsWriter.Entry.floats(
                "a", new float[] {1, -2.5f, Float.MIN_VALUE, 4, 5, 6}, 2L, 3L),
            SafetensorsWriter.Entry.longs("step", new long[] {Long.MAX_VALUE}, 1L),
            SafetensorsWriter.Entry.floats("none", new float[0], 0L, 4L)),
        Map.of("format", "pt"));
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names()).containsExactlyInAnyOrder("a", "step", "none");
      assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
      Tensor a = read.tensor("a");
      assertThat(a.shape()).containsExactly(2, 3);
      float[] values = new float[6];
      a.copyTo(MemorySegment.ofArray(values));
      assertThat(values).containsExactly(1, -2.5f, Float.MIN_VALUE, 4, 5, 6);
      assertThat(a.raw().orElseThrow().address() % 8).isZero();
      Tensor step = read.tensor("step");
      assertThat(step.dtype()).isEqualTo(DType.I64);
      assertThat(step.raw().orElseThrow().get(ValueLayout.JAVA_LONG_UNALIGNED, 0))
          .isEqualTo(Long.MAX_VALUE);
      assertThatThrownBy(() -> read.tensor("b")).hasMessageContaining("no tensor 'b'");
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = temp.resolve("x.safetensors");
    SafetensorsWriter.write(
        file, List.of(SafetensorsWriter.Entry.floats("a", new float[] {1}, 1L)), Map.of());
    byte[] before = Files.readAllBytes(file);
    SafetensorsWriter.Entry wrong = SafetensorsWriter.Entry.floats("a", new float[] {1}, 2L);
    assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(wrong), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs 8 bytes and was given 4");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4 | truncated",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 12 | after the last"
            + " tensor",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | 8 | do not match",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}} | 8 | 'U8' is not"
            + " supported",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | 12 | gap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | 8 | start and an end",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | 8 | not a size",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} | 8 |"
            + " too large",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            + " | 8 | overlaps",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            + " | 4 | Duplicate",
        "{\"__metadata__\":{\"x\":1}} | 0 | strings only",
        "[] | 0 | JSON object"
      })
  void brokenHeadersAreRefused(String header, int dataBytes, String message) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    assertRefused(json.length, json, dataBytes, message);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 1})
  void absurdHeaderLengthsAreRefused(long length) throws IOException {
    assertRefused(length, new byte[] {'{', '}'}, 0, "a header of");
  }

  @Test
  void aHeaderBeyondTheFileIsRefused() throws IOException {
    assertRefused(1000, new byte[] {'{', '}'}, 0, "truncated");
  }

  private void assertRefused(long length, byte[] header, int dataBytes, String message)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length).put(header);
    Path file = Files.write(temp.resolve("x.safetensors"), bytes.array());
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("x.safetensors")
        .hasMessageContaining(message);
  }

  @Test
  void anIndexMayNotNameFilesElsewhere() throws IOException {
    TinyLlama.seeded(1).inShards(2).writeFolder(temp);
    Path index = temp.resolve("model.safetensors.index.json");
    String escaping =
        Files.readString(index).replace("model-00001-of-00002", "../other/model-00001-of-00002");
    Files.writeString(index, escaping);
    assertThatThrownBy(() -> Models.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is not the plain name");
  }

  @Test
  void aTensorThatTheComputationDoesNotKnowIsRefused() throws IOException {
    Path folder = TinyLlama.seeded(1).withBiases().writeFolder(temp);
    Path config = folder.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("Qwen2ForCausalLM", "LlamaForCausalLM"));
    assertThatThrownBy(() -> Models.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("self_attn.q_proj.bias is not part of");
  }
}
