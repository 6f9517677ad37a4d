package io.tuneplane.runner.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// ONNX Runtime 1.29 began to send telemetry from Linux and macOS, on by default and before any
/// call could turn it off. A product that promises that nothing leaves must not ship that library.
class NativeLibraryTest {

  @Test
  void holdsNoTelemetryCollector() throws IOException {
    for (String platform :
        new String[] {"linux-x64/libonnxruntime.so", "osx-aarch64/libonnxruntime.dylib"}) {
      assertThat(library(platform))
          .doesNotContain("events.data.microsoft.com")
          .contains("GroupQueryAttention");
    }
  }

  private static String library(String platform) throws IOException {
    try (InputStream in =
        OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/" + platform)) {
      assertThat(in).as(platform).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
