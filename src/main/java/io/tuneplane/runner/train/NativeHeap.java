package io.tuneplane.runner.train;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The C library's heap, where libtorch's tensors lie.
final class NativeHeap {

  private NativeHeap() {}

  /// Gives what is free back to the system, where the C library can (glibc's `malloc_trim`): what a
  /// training's passes leave behind in small pieces would otherwise stay beside the next model.
  @SuppressWarnings("restricted") // The flag that allows it is in docs/runner.md.
  static void trim() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> trim = linker.defaultLookup().find("malloc_trim");
    if (trim.isEmpty()) {
      return;
    }
    MethodHandle handle =
        linker.downcallHandle(
            trim.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    try {
      int _ = (int) handle.invokeExact(0L);
    } catch (Throwable e) {
      throw new IllegalStateException("malloc_trim(3) can't be called", e);
    }
  }
}
