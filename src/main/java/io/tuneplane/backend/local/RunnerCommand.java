package io.tuneplane.backend.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the runner is started: as another Java process of this installation.
///
/// @param java the `java` program
/// @param classPath where the runner's classes are
/// @param mainClass the runner's entry point
/// @param options options of the Java machine
/// @param nativeCache where native libraries are unpacked to
public record RunnerCommand(
    Path java, String classPath, String mainClass, List<String> options, Path nativeCache) {

  /// The runner's entry point. Named, not seen: the contract with it is files and HTTP.
  public static final String MAIN_CLASS = "io.tuneplane.runner.Runner";

  /// What `docs/runner.md` asks of the Java machine.
  public static final List<String> OPTIONS =
      List.of("--enable-native-access=ALL-UNNAMED", "-Dai.djl.offline=true", "-XX:+UseSerialGC");

  // Everything else stays here: keys of providers are in the environment of a control plane.
  private static final Set<String> PASSED_ON =
      Set.of("PATH", "HOME", "TMPDIR", "TMP", "TEMP", "LANG", "LC_ALL", "TZ", "USER", "SystemRoot");

  public RunnerCommand {
    options = List.copyOf(options);
  }

  /// The runner that came with this process: same Java, same class path.
  public static RunnerCommand ofThisProcess(Path nativeCache) {
    return new RunnerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        MAIN_CLASS,
        OPTIONS,
        nativeCache);
  }

  /// A process that is not started yet. Its standard input is a pipe from us, so that it can see
  /// our end; its environment holds no more than it needs.
  ProcessBuilder process(Threading threading, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(options);
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().keySet().retainAll(PASSED_ON);
    process.environment().putAll(environment(threading));
    return process;
  }

  private Map<String, String> environment(Threading threading) {
    Map<String, String> environment = new LinkedHashMap<>(threading.environment());
    // Here and not on the command line, which would be thousands of characters long in `ps`.
    environment.put("CLASSPATH", classPath);
    environment.put("OPT_OUT_TRACKING", "true");
    environment.put("DJL_CACHE_DIR", nativeCache.toString());
    return environment;
  }
}
