package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The data directory lies on a file system of one megabyte.
class FullDiskIT {

  private static final Clearance LEAVE = TestClearances.onHardware(LocalTraining.NAME);

  @TempDir private Path directory;

  private LocalPlace place;
  private Path disk;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    place = LocalPlace.create(directory);
    disk = Files.createDirectories(place.settings().directory());
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0;
    assumeTrue(mounted, "only root may mount a small file system to fill");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  @Test
  void aSubmissionThatDoesNotFitLeavesNothingAndHarmsNothing() throws Exception {
    LocalTraining backend = place.scripted("");
    RunHandle before = backend.submit(place.spec(1), new SubmissionKey("before"), LEAVE);
    RunState end = new Watch(backend, before).untilEnd();
    Files.write(place.data(), new byte[2 << 20]);

    assertThatThrownBy(() -> backend.submit(place.spec(1), new SubmissionKey("too-large"), LEAVE))
        .isInstanceOf(BackendException.Exhausted.class)
        .hasMessageContaining("disk of the data directory is full");

    assertThat(names()).contains("before").noneMatch(n -> n.contains("too-large"));
    assertThat(backend.observe(before, io.tuneplane.backend.Cursor.START).state()).isEqualTo(end);
  }

  @Test
  void aFullDiskIsSaidAndCancellingWorksOnceThereIsSpace() throws Exception {
    LocalTraining backend = place.scripted("");
    RunHandle run = backend.submit(place.spec(50), new SubmissionKey("fills"), LEAVE);
    new Watch(backend, run).until(w -> w.steps().size() > 2);
    fill();

    assertThatThrownBy(() -> backend.cancel(run)).isInstanceOf(BackendException.Exhausted.class);
    Files.delete(disk.resolve("ballast"));
    backend.cancel(run);
    RunState end = new Watch(backend, run).untilEnd();

    assertThat(end).isEqualTo(new RunState.Cancelled());
  }

  private void fill() throws IOException {
    try (var out = Files.newOutputStream(disk.resolve("ballast"))) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> runs = Files.list(place.settings().runs())) {
      return runs.map(p -> p.getFileName().toString()).toList();
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
