package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The expected floats were made by Python's `gguf` 0.19 from the same random blocks.
class BlockDecoderTest {

  static Set<DType> types() {
    return EnumSet.complementOf(EnumSet.of(DType.I64));
  }

  @ParameterizedTest
  @MethodSource("types")
  void decodesBitForBitAsTheReference(DType type) throws IOException {
    JsonNode vector = vectors().path(type.name());
    byte[] blocks = HexFormat.of().parseHex(vector.path("bytes").asText());
    byte[] expected = HexFormat.of().parseHex(vector.path("floats").asText());
    float[] values = new float[expected.length / 4];

    BlockDecoder.decode(type, blocks, values);

    ByteBuffer decoded = ByteBuffer.allocate(expected.length).order(ByteOrder.LITTLE_ENDIAN);
    decoded.asFloatBuffer().put(values);
    assertThat(decoded.array()).isEqualTo(expected);
  }

  private static JsonNode vectors() throws IOException {
    try (InputStream in = BlockDecoderTest.class.getResourceAsStream("gguf-blocks.json")) {
      return ModelJson.MAPPER.readTree(in);
    }
  }
}
