package io.tuneplane.backend.local;

/// A machine as a test wants it: 16 GiB, quiet, and nothing ever killed.
record TestMachine(String host, long totalMemory, long availableMemory, long outOfMemoryKills)
    implements Machine {

  static final long GIB = 1L << 30;

  /// A roomy one.
  static TestMachine roomy() {
    return new TestMachine("test-host", 16 * GIB, 12 * GIB, 0);
  }

  TestMachine withMemory(long bytes) {
    return new TestMachine(host, bytes, bytes, outOfMemoryKills);
  }

  @Override
  public String processor() {
    return "Test processor, 2 cores";
  }

  @Override
  public double busy() {
    return 0;
  }
}
