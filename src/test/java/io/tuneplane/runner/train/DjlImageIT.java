package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/// The root file system of `gpu-images/djl`, without a container engine: in namespaces of its own,
/// with nothing of this machine but its kernel and its devices.
@Tag("heavy")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DjlImageIT {

  private static final String ENTER =
      """
      mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" \
        && mount --bind "$1/opt" "$1/opt" && mount -o remount,bind,ro "$1/opt" \
        && cd "$1" && exec /usr/sbin/chroot "$1" /opt/tuneplane/jre/bin/java @/opt/tuneplane/options train /work/job --ignore-stdin
      """;

  @TempDir Path folder;

  @Test
  void whatItTrainsIsWhatIsTrainedHere() throws IOException, InterruptedException {
    requireNamespaces();
    Path root = assembled();
    JobFolder here = JobFolder.tiny(folder);
    assertThat(here.train().number()).isZero();
    copy(folder.resolve("model"), root.resolve("work/model"));
    JobFolder there = new JobFolder(root.resolve("work/job"), folder.resolve("model"));
    ((com.fasterxml.jackson.databind.node.ObjectNode) there.job.get("base_model"))
        .put("path", "/work/model");
    there.write();

    Process image = enter(root);
    assertThat(image.waitFor()).as(words()).isZero();

    assertThat(there.lastEvent().path("type").asText()).isEqualTo("result");
    assertThat(there.adapterDigest()).isEqualTo(here.adapterDigest());
  }

  private static void requireNamespaces() throws IOException, InterruptedException {
    try {
      if (new ProcessBuilder("unshare", "-rmpf", "true").start().waitFor() == 0) {
        return;
      }
    } catch (IOException e) {
      throw new TestAbortedException("there is no unshare(1) here", e);
    }
    throw new TestAbortedException("this machine gives no namespaces to whoever asks");
  }

  private Path assembled() throws IOException, InterruptedException {
    Path root = folder.resolve("root");
    ProcessBuilder script =
        new ProcessBuilder(Path.of("gpu-images", "djl", "rootfs").toString(), root.toString());
    script.environment().put("JAVA_HOME", System.getProperty("java.home"));
    script.redirectErrorStream(true).redirectOutput(folder.resolve("words").toFile());
    assertThat(script.start().waitFor()).as(words()).isZero();
    return root;
  }

  private Process enter(Path root) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("unshare", "-rmpf", "sh", "-c", ENTER, "sh", root.toString());
    builder.environment().clear();
    builder.environment().put("PATH", "/opt/tuneplane/jre/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("DJL_CACHE_DIR", "/opt/tuneplane/native");
    builder.environment().put("OPT_OUT_TRACKING", "true");
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("HOME", "/tmp");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("words").toFile()))
        .start();
  }

  private String words() throws IOException {
    return Files.exists(folder.resolve("words")) ? Files.readString(folder.resolve("words")) : "";
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()), LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  @Test
  void theImageIsPinnedAndNotRoot() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("gpu-images", "djl", "Dockerfile"));

    assertThat(lines).contains("ARG BASE_DIGEST", "USER 10001:10001");
    assertThat(lines).contains("FROM ${BASE_IMAGE}@${BASE_DIGEST} AS build", "FROM scratch");
    assertThat(String.join("\n", lines)).doesNotContain("curl", "wget", "http");
  }
}
