package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written lies on a file system of one megabyte.
class FullDiskIT {

  @TempDir private Path directory;

  private Path disk;
  private Path data;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    data = directory.resolve("data.jsonl");
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0;
    assumeTrue(mounted, "only root may mount a small file system to fill");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  @Test
  void aConversionThatDoesNotFitLeavesWhatWasThere() throws IOException {
    write(20_000);
    Path out = Files.writeString(disk.resolve("out.jsonl"), "mine");
    DatasetConversion conversion = conversion(out, Optional.empty());

    assertThatThrownBy(conversion::run).hasMessageContaining("No space left");

    assertThat(names()).containsExactly("out.jsonl");
    assertThat(out).hasContent("mine");
  }

  /// The training part would fit; the validation part is what does not.
  @Test
  void ofASplitNeitherPartIsLeft() throws IOException {
    write(20_000);
    Path out = directory.resolve("out.jsonl");
    Split split = new Split(disk.resolve("validation.jsonl"), 0.9, 1);
    DatasetConversion conversion = conversion(out, Optional.of(split));

    assertThatThrownBy(conversion::run).hasMessageContaining("No space left");

    assertThat(out).doesNotExist();
    assertThat(directory.resolve("out.jsonl.part")).doesNotExist();
    assertThat(names()).isEmpty();
  }

  @Test
  void theCopyOfAJobsDataThatDoesNotFitIsGone() throws IOException {
    write(20_000);
    DatasetCheck check = new DatasetCheck(CheckSettings.of(Target.LOCAL, Optional.empty()));
    DatasetCheck.Input input =
        new DatasetCheck.Input(data, Optional.of(disk.resolve("train.jsonl")));

    assertThatThrownBy(() -> check.run(input, Optional.empty(), DatasetCheck.Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");

    assertThat(names()).isEmpty();
  }

  /// So many examples that their fingerprints go to temporary files, for which there is no room.
  @Test
  void fingerprintsThatDoNotFitEndTheCheckAndAreGone() throws IOException {
    write(450_000);
    CheckSettings settings =
        new CheckSettings(
            Target.LOCAL,
            Optional.empty(),
            Optional.empty(),
            10,
            true,
            new CheckSettings.Resources(2, disk));

    assertThatThrownBy(() -> new DatasetCheck(settings).run(data))
        .hasMessageContaining("No space left");

    assertThat(names()).isEmpty();
  }

  private DatasetConversion conversion(Path out, Optional<Split> split) {
    return new DatasetConversion(
        new DatasetConversion.Request(data, Optional.empty(), Format.CHATML, out, split, false),
        10);
  }

  private void write(int examples) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < examples; i++) {
      lines.append(
          """
          {"messages":[{"role":"user","content":"what is %d?"},{"role":"assistant","content":"a number"}]}
          """
              .formatted(i));
    }
    Files.writeString(data, lines);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(disk)) {
      return files.map(p -> p.getFileName().toString()).toList();
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
