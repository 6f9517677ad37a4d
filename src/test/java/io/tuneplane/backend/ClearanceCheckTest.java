package io.tuneplane.backend;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClearanceCheckTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final ClearanceCheck check = new ClearanceCheck("here", InstantSource.fixed(NOW));

  @Test
  void leaveForThisPlaceIsGoodForAnyDataSetOnOurHardware() {
    Clearance leave = TestClearances.onHardware("here");

    assertThatCode(() -> check.training(leave, "d1")).doesNotThrowAnyException();
    assertThatCode(() -> check.prompt(leave, new DeploymentHandle("here", "m")))
        .doesNotThrowAnyException();
  }

  @Test
  void leaveOnRentedHardwareIsGoodForItsDataSetOnly() {
    Clearance leave = TestClearances.onRentedHardware("here", "d1", "training", NOW.plusSeconds(1));

    assertThatCode(() -> check.training(leave, "d1")).doesNotThrowAnyException();
    assertThatThrownBy(() -> check.training(leave, "d2"))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("is leave for d1");
  }

  @Test
  void aPermitIsGoodForItsActUntilItEnds() {
    Clearance permit = TestClearances.egress("here", "d1", "training", NOW.plusMillis(1));

    assertThatCode(() -> check.training(permit, "d1")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "there, d1, training, 2026-11-24T13:00:00Z, is leave for there",
    "here, d2, training, 2026-11-24T13:00:00Z, is leave for d2",
    "here, d1, prompt, 2026-11-24T13:00:00Z, is leave for prompt",
    "here, d1, training, 2026-11-24T12:00:00Z, ended at",
  })
  void aPermitForAnythingElseIsRefused(
      String destination, String subject, String purpose, Instant expiresAt, String words) {
    Clearance permit = TestClearances.egress(destination, subject, purpose, expiresAt);

    assertThatThrownBy(() -> check.training(permit, "d1"))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining(words);
  }
}
