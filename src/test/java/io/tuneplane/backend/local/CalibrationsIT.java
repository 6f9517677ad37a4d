package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationsIT {

  @TempDir private Path directory;

  @Test
  void aModelIsMeasuredOnceAndRemembered() throws Exception {
    LocalPlace place = LocalPlace.create(directory);
    Calibrations calibrations = place.calibrations();
    assertThat(calibrations.known("tiny")).isEmpty();

    Calibration measured = calibrations.measure("tiny");

    assertThat(measured.tokensPerSecond()).isPositive();
    assertThat(measured.compute()).isIn("fp32", "bf16");
    assertThat(measured.threads()).isEqualTo(1);
    assertThat(calibrations.measure("tiny")).isEqualTo(measured);
    assertThat(place.calibrations().known("tiny")).contains(measured);
    try (Stream<Path> files = Files.list(place.settings().directory().resolve("calibrations"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void anEstimateIsStartUpAndTokens() {
    Calibration calibration = new Calibration(100, "fp32", 2, 1.5, "a processor", Instant.EPOCH);

    assertThat(calibration.estimate(15_400)).isEqualTo(Duration.ofMillis(157_500));
  }
}
