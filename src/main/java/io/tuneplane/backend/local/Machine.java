package io.tuneplane.backend.local;

/// What this machine has, now. Safe for many threads.
public interface Machine {

  /// The host's name.
  String host();

  /// The processor's name and the number of cores that we may use: what a measurement of speed is
  /// good for.
  String processor();

  /// Bytes of memory in the machine, or in the container where one bounds us.
  long totalMemory();

  /// Bytes that a new process could use without swapping.
  long availableMemory();

  /// The share of all cores that is busy, 0 to 1, over the last moment.
  double busy();

  /// How many processes the kernel has killed for want of memory since it started; 0 where it does
  /// not say.
  long outOfMemoryKills();
}
