package io.tuneplane.backend.openai;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// A [FakeOpenAi] in a process of its own, for suites and benchmarks of real servers. Prints its
/// address, tunes the model `smollm2-135m-instruct`, and lets its time pass a hundred times as fast
/// as the world's; ends with its standard input.
final class FakeOpenAiProcess {

  private static final long TICK_MILLIS = 50;
  private static final Duration PASSES = Duration.ofMillis(TICK_MILLIS * 100);

  private FakeOpenAiProcess() {}

  public static void main(String[] args) throws IOException {
    try (FakeOpenAi fake = new FakeOpenAi(Instant.now());
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      fake.model("smollm2-135m-instruct", Optional.empty());
      ScheduledFuture<?> passing =
          clock.scheduleAtFixedRate(
              () -> fake.advance(PASSES), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      System.out.println(fake.url());
      while (System.in.read() >= 0) {
        // Whoever started us says nothing; only the end means something.
      }
      passing.cancel(false);
    }
  }
}
