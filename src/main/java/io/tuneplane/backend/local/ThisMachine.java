package io.tuneplane.backend.local;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The machine that this process runs on, as Linux's `/proc` describes it, else as Java does.
public final class ThisMachine implements Machine {

  private static final Path PROC = Path.of("/proc");
  private static final Duration SAMPLE = Duration.ofMillis(200);

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Override
  public String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      // A host that can't resolve its own name is still one host.
      return "localhost";
    }
  }

  @Override
  public String processor() {
    String model =
        lines("cpuinfo")
            .filter(l -> l.startsWith("model name"))
            .map(l -> l.substring(l.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(system.getArch());
    return model + ", " + system.getAvailableProcessors() + " cores";
  }

  @Override
  public long totalMemory() {
    return system.getTotalMemorySize();
  }

  // A container's own bound shows in Java's figures only, the reclaimable cache in the kernel's.
  @Override
  public long availableMemory() {
    long free = system.getFreeMemorySize();
    boolean contained = system.getTotalMemorySize() < kilobytes("MemTotal:").orElse(0) * 1024;
    return contained ? free : kilobytes("MemAvailable:").orElse(free / 1024) * 1024;
  }

  @Override
  public double busy() {
    double first = system.getCpuLoad();
    LockSupport.parkNanos(SAMPLE.toNanos());
    double load = system.getCpuLoad();
    return Math.max(0, load >= 0 ? load : first);
  }

  @Override
  public long outOfMemoryKills() {
    return lines("vmstat")
        .filter(l -> l.startsWith("oom_kill "))
        .mapToLong(l -> Long.parseLong(l.substring("oom_kill ".length()).strip()))
        .findFirst()
        .orElse(0);
  }

  private static OptionalLong kilobytes(String key) {
    return lines("meminfo")
        .filter(l -> l.startsWith(key))
        .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
        .findFirst();
  }

  private static Stream<String> lines(String file) {
    Path path = PROC.resolve(file);
    if (!Files.isReadable(path)) {
      return Stream.empty();
    }
    try {
      return Files.readAllLines(path).stream();
    } catch (IOException _) {
      // Other systems have no such file, and some containers hide it: Java's own figures serve.
      return Stream.empty();
    }
  }
}
