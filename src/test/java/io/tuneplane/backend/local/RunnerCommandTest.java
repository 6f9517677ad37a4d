package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.config.Settings.Spin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerCommandTest {

  private static final RunnerCommand COMMAND =
      new RunnerCommand(
          Path.of("/jdk/bin/java"), "a.jar:b.jar", "some.Runner", List.of("-Xa"), Path.of("/n"));

  @Test
  void theCommandLineIsShortAndTheClassPathIsInTheEnvironment() {
    ProcessBuilder process = COMMAND.process(new Threading(2, true), List.of("train", "/run"));

    assertThat(process.command())
        .containsExactly("/jdk/bin/java", "-Xa", "some.Runner", "train", "/run");
    assertThat(process.environment())
        .containsEntry("CLASSPATH", "a.jar:b.jar")
        .containsEntry("DJL_CACHE_DIR", "/n")
        .containsEntry("OMP_NUM_THREADS", "2");
  }

  @Test
  void nothingOfOursLeaksIntoTheEnvironment() {
    ProcessBuilder process = COMMAND.process(new Threading(1, false), List.of());
    Set<String> ours = Set.of("CLASSPATH", "DJL_CACHE_DIR", "OMP_NUM_THREADS", "OMP_WAIT_POLICY");

    assertThat(process.environment().keySet())
        .isSubsetOf(
            "CLASSPATH",
            "DJL_CACHE_DIR",
            "OPT_OUT_TRACKING",
            "OMP_NUM_THREADS",
            "OMP_WAIT_POLICY",
            "PATH",
            "HOME",
            "TMPDIR",
            "TMP",
            "TEMP",
            "LANG",
            "LC_ALL",
            "TZ",
            "USER",
            "SystemRoot")
        .containsAll(ours);
  }

  @ParameterizedTest
  @CsvSource({
    "ALWAYS, 0.9, true",
    "NEVER, 0.0, false",
    "AUTO, 0.1, true",
    "AUTO, 0.6, false",
  })
  void threadsSpinWhereTheMachineIsQuiet(Spin spin, double busy, boolean spins) {
    Machine machine = new BusyMachine(busy);

    Threading threading = Threading.choose(spin, 2, machine);

    assertThat(threading.spins()).isEqualTo(spins);
    assertThat(threading.environment())
        .isEqualTo(
            spins
                ? Map.of("OMP_NUM_THREADS", "2", "GOMP_SPINCOUNT", "50000")
                : Map.of("OMP_NUM_THREADS", "2", "OMP_WAIT_POLICY", "passive"));
  }

  private record BusyMachine(double busy) implements Machine {
    @Override
    public String host() {
      return "h";
    }

    @Override
    public String processor() {
      return "p";
    }

    @Override
    public long totalMemory() {
      return 1;
    }

    @Override
    public long availableMemory() {
      return 1;
    }

    @Override
    public long outOfMemoryKills() {
      return 0;
    }
  }
}
