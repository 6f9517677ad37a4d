package io.tuneplane.runner.serve.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Zeroed native memory that takes up room only as it is written: `calloc` of a large block maps
/// pages that the system gives on first touch, where [Arena#allocate] would write all of it at
/// once.
final class LazyMemory {

  private static final int ALIGNMENT = 64;

  private LazyMemory() {}

  /// @throws OutOfMemoryError if the system refuses
  @SuppressWarnings("restricted") // the launcher enables native access
  static MemorySegment allocate(long bytes, Arena arena) {
    Linker linker = Linker.nativeLinker();
    MethodHandle calloc =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("calloc"),
            FunctionDescriptor.of(
                ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    MethodHandle free =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("free"),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    MemorySegment block = call(calloc, bytes + ALIGNMENT);
    if (block.address() == 0) {
      throw new OutOfMemoryError("no %d bytes for the cache".formatted(bytes));
    }
    MemorySegment sized = block.reinterpret(bytes + ALIGNMENT, arena, b -> release(free, b));
    return sized.asSlice(Math.floorMod(-block.address(), ALIGNMENT), bytes);
  }

  private static MemorySegment call(MethodHandle calloc, long bytes) {
    try {
      return (MemorySegment) calloc.invokeExact(1L, bytes);
    } catch (Throwable e) {
      throw new LinkageError("calloc", e);
    }
  }

  private static void release(MethodHandle free, MemorySegment block) {
    try {
      free.invokeExact(block);
    } catch (Throwable e) {
      throw new LinkageError("free", e);
    }
  }
}
