package io.tuneplane.runner.train;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// What the system says of memory, in bytes.
final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private ProcessMemory() {}

  /// This process's resident memory now; empty off Linux.
  static OptionalLong resident() {
    return field(STATUS, "VmRSS:");
  }

  /// The most it ever was; empty off Linux.
  static OptionalLong peak() {
    return field(STATUS, "VmHWM:");
  }

  /// What could be had without swapping: the least of what the machine has to spare and what the
  /// container leaves.
  static long available() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    // Inside a container this is its limit, outside the machine's memory.
    long limit = system.getTotalMemorySize();
    return Math.min(limit, field(MEMINFO, "MemAvailable:").orElse(system.getFreeMemorySize()));
  }

  private static OptionalLong field(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(l -> l.startsWith(name))
          .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("[^0-9]", "")))
          .findFirst();
    } catch (IOException _) {
      // Not Linux: the figure is left out.
      return OptionalLong.empty();
    }
  }
}
