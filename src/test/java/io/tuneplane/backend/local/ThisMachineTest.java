package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThisMachineTest {

  private final ThisMachine machine = new ThisMachine();

  @Test
  void itsFiguresArePlausible() {
    assertThat(machine.host()).isNotBlank();
    assertThat(machine.processor()).contains("cores");
    assertThat(machine.totalMemory()).isGreaterThan(256L << 20);
    assertThat(machine.availableMemory()).isBetween(1L << 20, machine.totalMemory());
    assertThat(machine.busy()).isBetween(0.0, 1.0);
    assertThat(machine.outOfMemoryKills()).isNotNegative();
  }
}
