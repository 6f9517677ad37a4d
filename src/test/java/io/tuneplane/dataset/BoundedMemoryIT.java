package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Large files in a process with a small heap. The heavy one is 2 GB in 256 MB.
class BoundedMemoryIT {

  private static final String FILLER = "the quick brown fox jumps over the lazy dog again and ";

  @TempDir private Path folder;

  /// What the child process runs.
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      CheckSettings settings =
          new CheckSettings(
              Target.LOCAL,
              Optional.empty(),
              Optional.empty(),
              10,
              true,
              new CheckSettings.Resources(2, Path.of(args[1])));
      CheckReport report = new DatasetCheck(settings).run(Path.of(args[0]));
      Files.writeString(
          Path.of(args[1], "report"),
          report.total() + " " + report.valid() + " " + report.counts().warnings());
    }
  }

  @Test
  void aHundredMegabytesInAHeapOfSixtyFour() throws Exception {
    assertThat(run("-Xmx64m", write(50_000, 2000))).isEqualTo("50000 50000 {duplicate=1}");
  }

  @Test
  @Tag("heavy")
  void twoGigabytesInAHeapOfTwoHundredAndFiftySix() throws Exception {
    assertThat(run("-Xmx256m", write(1_000_000, 2000))).isEqualTo("1000000 1000000 {duplicate=1}");
  }

  private String run(String heap, Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    heap,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath(),
                    Child.class.getName(),
                    file.toString(),
                    folder.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).isTrue();
    assertThat(folder.resolve("log")).hasContent("");
    return Files.readString(folder.resolve("report"));
  }

  /// What the check needs and no more: whatever runs the tests has its own ways with the class
  /// path.
  private static String classPath() {
    return Stream.of(
            Child.class,
            DatasetCheck.class,
            JsonNode.class,
            JsonFactory.class,
            JsonValue.class,
            ZstdInputStream.class)
        .map(type -> Path.of(location(type)).toString())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static URI location(Class<?> type) {
    return URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
  }

  /// Different examples, the last one equal to the first.
  private Path write(int lines, int bytes) throws IOException {
    Path file = folder.resolve("big.jsonl");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < lines; i++) {
        int n = i == lines - 1 ? 0 : i;
        StringBuilder text = new StringBuilder();
        for (int w = 0; text.length() < bytes - 150; w++) {
          text.append(Long.toString(Hash64.mix(n * 1000L + w) & 0xffffffffL, 36)).append(' ');
          text.append(FILLER, 0, 20);
        }
        out.write("{\"messages\": [{\"role\": \"user\", \"content\": \"" + text);
        out.write("\"}, {\"role\": \"assistant\", \"content\": \"" + n + "\"}]}\n");
      }
    }
    return file;
  }
}
