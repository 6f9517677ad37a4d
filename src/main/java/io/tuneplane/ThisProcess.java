package io.tuneplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How this Tuneplane is started again, as a server in the background.
final class ThisProcess {

  /// Where the launcher keeps what starts Java machines fast.
  static final String START_CACHE = "tuneplane.aot";

  /// What `./tuneplane serve` gives its Java machine: a server that idles keeps little memory.
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms24m",
          "-Xmx768m",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=25",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dai.djl.offline=true",
          "-DOPT_OUT_TRACKING=true",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
          "-Dorg.slf4j.simpleLogger.showDateTime=true",
          "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

  private static final String IDLE_EXIT = "60s";

  private ThisProcess() {}

  /// The command line of a server that ends a minute after its last job.
  static List<String> serve(Path dataDir, Optional<Path> config, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Optional.ofNullable(System.getProperty(START_CACHE))
        .filter(cache -> Files.exists(Path.of(cache)))
        .ifPresent(cache ->
            command.addAll(
                List.of(
                    "-XX:AOTCache=" + cache,
                    "-Xlog:disable",
                    "-Xlog:all=error:stderr",
                    "-D" + START_CACHE + "=" + cache)));
    command.addAll(OPTIONS);
    Arrays.stream(environment.getOrDefault("TUNEPLANE_JAVA_OPTS", "").split("\\s+"))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    command.add(Main.class.getName());
    command.addAll(List.of("serve", "--port", "0", "--idle-exit", IDLE_EXIT));
    command.addAll(List.of("--data-dir", dataDir.toString()));
    config.ifPresent(file -> command.addAll(List.of("--config", file.toAbsolutePath().toString())));
    return command;
  }

  private static String absolute(String classPath) {
    return String.join(
        java.io.File.pathSeparator,
        Arrays.stream(classPath.split(java.io.File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
