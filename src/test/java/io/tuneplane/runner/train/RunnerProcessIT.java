package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The runner as a process: how it ends when it is told to, and when it is killed.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunnerProcessIT {

  @TempDir Path folder;

  private Optional<Process> running = Optional.empty();

  @AfterEach
  void end() {
    running.ifPresent(Process::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void killedAgainAndAgainItEndsWhereAnUnbrokenRunDoes(long seed)
      throws IOException, InterruptedException {
    JobFolder whole = JobFolder.tiny(folder);
    assertThat(whole.train().number()).isZero();
    JobFolder killed = new JobFolder(folder.resolve("killed"), folder.resolve("model"));
    Random random = new Random(seed);
    int attempt = 1;
    for (; attempt <= 3; attempt++) {
      Process process = start(killed, attempt);
      awaitEvents(process, killed, 2 + random.nextInt(5) + lines(killed));
      process.destroyForcibly();
      process.waitFor();
    }
    Process process = start(killed, attempt);
    assertThat(process.waitFor()).as("seed %d: %s", seed, words(killed)).isZero();
    assertThat(killed.adapterDigest()).as("seed %d", seed).isEqualTo(whole.adapterDigest());
    assertThat(Files.readString(killed.path.resolve("golden.jsonl")))
        .isEqualTo(Files.readString(whole.path.resolve("golden.jsonl")));
  }

  @Test
  void onSigtermItLeavesACheckpointAndExitsWith143() throws IOException, InterruptedException {
    JobFolder job = longJob();
    Process process = start(job, 1);
    awaitEvents(process, job, 3);
    process.destroy();
    assertThat(process.waitFor()).as(words(job)).isEqualTo(143);
    assertStopped(job);
  }

  @Test
  void atTheEndOfItsInputItLeavesACheckpointAndExitsWith143()
      throws IOException, InterruptedException {
    JobFolder job = longJob();
    Process process = start(job, 1);
    awaitEvents(process, job, 3);
    process.getOutputStream().close();
    assertThat(process.waitFor()).as(words(job)).isEqualTo(143);
    assertStopped(job);
  }

  @Test
  void sigintIsIgnored() throws IOException, InterruptedException {
    JobFolder job = JobFolder.tiny(folder);
    Process process = start(job, 1);
    awaitEvents(process, job, 2);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor()).as(words(job)).isZero();
    assertThat(job.lastEvent().path("type").asText()).isEqualTo("result");
  }

  private JobFolder longJob() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    job.hyperparameters().put("n_epochs", 50);
    job.limits().put("checkpoint_every_steps", 0);
    return job;
  }

  private static void assertStopped(JobFolder job) throws IOException {
    assertThat(job.lastEvent().path("text").asText()).startsWith("stopped");
    long trained = job.events("metrics").size();
    assertThat(job.events("checkpoint").getLast().path("step").asLong()).isEqualTo(trained);
    assertThat(job.path.resolve("checkpoints/step-" + trained)).isDirectory();
  }

  private Process start(JobFolder job, int attempt) throws IOException {
    job.job.put("attempt", attempt);
    job.write();
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                classPath(),
                "io.tuneplane.runner.Runner",
                "train",
                job.path.toString()));
    builder.environment().put("OMP_NUM_THREADS", "1");
    File words = job.path.resolve("words").toFile();
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(words));
    Process process = builder.start();
    running = Optional.of(process);
    return process;
  }

  /// Some launchers of tests keep the class path in a class loader of their own.
  private static String classPath() {
    if (RunnerProcessIT.class.getClassLoader() instanceof URLClassLoader own) {
      return Arrays.stream(own.getURLs())
          .map(url -> Path.of(url.getPath()).toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private static String words(JobFolder job) throws IOException {
    return Files.readString(job.path.resolve("words"));
  }

  private static int lines(JobFolder job) throws IOException {
    Path events = job.path.resolve("events.jsonl");
    return Files.exists(events) ? Files.readAllLines(events).size() : 0;
  }

  private static void awaitEvents(Process process, JobFolder job, int atLeast)
      throws IOException, InterruptedException {
    while (lines(job) < atLeast && process.isAlive()) {
      Thread.sleep(5);
    }
  }
}
