package io.tuneplane.runner;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What Java has no words for.
final class Signals {

  private static final int SIGINT = 2;
  private static final MemorySegment SIG_IGN = MemorySegment.ofAddress(1);

  private Signals() {}

  /// Ignores SIGINT, which a terminal sends to a whole process group: Ctrl-C is for whoever started
  /// us, who then decides what becomes of the run. Does nothing where there is no `signal`.
  @SuppressWarnings("restricted") // What this class is for; the flag is in docs/runner.md.
  static void ignoreInterrupt() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> signal = linker.defaultLookup().find("signal");
    if (signal.isEmpty() || System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    MethodHandle handle =
        linker.downcallHandle(
            signal.get(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try {
      MemorySegment _ = (MemorySegment) handle.invokeExact(SIGINT, SIG_IGN);
    } catch (Throwable e) {
      throw new IllegalStateException("signal(2) can't be called", e);
    }
  }
}
