package io.tuneplane.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.dataset.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a job makes of files that are not what they should be.
@Timeout(60)
class DataIntakeTest {

  private static final String LINE =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
          + "{\"role\":\"assistant\",\"content\":\"b %d\"}]}\n";

  @TempDir Path dir;

  /// Each in the place of the sixth line of twelve.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[{\"role\":\"user\"",
        "not json",
        "\u00ff\u00fe\u00ff",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"\u00c3(\"}]}",
        "{\"messages\":[],\"messages\":[]}",
        "{\"messages\":null}",
        "{\"messages\":[{\"role\":\"user\",\"content\":1e400}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"evil\",\"content\":\"b\"}]}",
        "\u0000"
      })
  void f22AFileWithABrokenLineFailsTheJobAndSaysWhich(String broken) throws IOException {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      file.append(i == 5 ? broken + "\n" : LINE.formatted(i));
    }

    assertThatThrownBy(() -> take(file.toString()))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            e -> {
              assertThat(e.error().code()).isEqualTo("invalid_training_file");
              assertThat(e.error().param()).contains("training_file");
              assertThat(e.error().message()).contains("of 12");
            });
  }

  @Test
  void f22DepthThatWouldBringAParserDownFailsTheJobOnly() {
    String deep = "{\"messages\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}\n";

    assertThatThrownBy(() -> take(deep.repeat(2))).isInstanceOf(JobFailedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n\n", "   "})
  void f22AFileWithNothingInItFailsTheJob(String nothing) {
    assertThatThrownBy(() -> take(nothing))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            e -> assertThat(e.error().code()).isEqualTo("invalid_training_file"));
  }

  @Test
  void f22AByteOrderMarkAndLinesOfWindowsAreRead() throws IOException {
    StringBuilder file = new StringBuilder("\u00ef\u00bb\u00bf");
    for (int i = 0; i < 12; i++) {
      file.append(LINE.formatted(i).replace("\n", "\r\n"));
    }

    assertThat(take(file.toString()).report().valid()).isEqualTo(12);
  }

  @Test
  void aFileThatWasDeletedFailsTheJob() {
    DataIntake intake =
        new DataIntake(DataIntake.Sources.of(new MemoryDataFiles()), dir.resolve("kept"));

    assertThatThrownBy(() -> intake.take(job(), settings()))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            e -> assertThat(e.error().message()).contains("file-1 was deleted"));
  }

  /// @param bytes as ISO 8859-1 has them
  private DataIntake.Taken take(String bytes) throws IOException {
    Path file = Files.write(dir.resolve("train.jsonl"), bytes.getBytes(ISO_8859_1));
    return new DataIntake((_, _) -> file, dir.resolve("kept")).take(job(), settings());
  }

  private static Job job() {
    return Job.asked("ftjob-1", "default", "key-1", SimWorld.request("a"), SimWorld.START);
  }

  private static CheckSettings settings() {
    return CheckSettings.of(Target.LOCAL, Optional.empty());
  }
}
