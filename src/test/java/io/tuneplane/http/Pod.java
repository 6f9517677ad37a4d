package io.tuneplane.http;

import java.io.File;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A process of `runner remote` with what a pod has: an environment, a token in a file, a folder.
final class Pod implements AutoCloseable {

  private final Path folder;
  private final Process process;

  private Pod(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /// The Java runner.
  static final List<String> JAVA =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--enable-native-access=ALL-UNNAMED",
          "-Dai.djl.offline=true",
          "-XX:+UseSerialGC",
          "-Xmx256m",
          "-cp",
          classPath(),
          "io.tuneplane.runner.Runner",
          "remote");

  /// Starts a runner.
  ///
  /// @param more what else is in its environment
  static Pod start(
      List<String> runner,
      Path folder,
      String url,
      String mark,
      String token,
      Map<String, String> more)
      throws IOException {
    Files.createDirectories(folder);
    Path secret = Files.writeString(folder.resolve("token"), token + "\n");
    ProcessBuilder builder = new ProcessBuilder(runner);
    builder
        .environment()
        .putAll(
            Map.of(
                "OMP_NUM_THREADS",
                "1",
                "TUNEPLANE_URL",
                url,
                "TUNEPLANE_MARK",
                mark,
                "TUNEPLANE_TOKEN_FILE",
                secret.toString(),
                "TUNEPLANE_DIR",
                folder.toString(),
                "TUNEPLANE_PATIENCE_SECONDS",
                "120"));
    builder.environment().putAll(more);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.to(folder.resolve("words").toFile()));
    return new Pod(folder, builder.start());
  }

  /// Some launchers of tests keep the class path in a class loader of their own.
  private static String classPath() {
    if (Pod.class.getClassLoader() instanceof URLClassLoader own) {
      return Arrays.stream(own.getURLs())
          .map(url -> Path.of(url.getPath()).toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exit() throws IOException, InterruptedException {
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      throw new AssertionError("it does not end: " + words());
    }
    return process.exitValue();
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  void terminate() {
    process.destroy();
  }

  /// How many steps it has done, whether it could tell of them or not.
  long steps() throws IOException {
    return RemoteRun.read(folder.resolve("run/events.jsonl")).stream()
        .filter(e -> e.path("type").asText().equals("metrics"))
        .count();
  }

  String words() throws IOException {
    return Files.readString(folder.resolve("words"));
  }

  @Override
  public void close() {
    kill();
  }
}
