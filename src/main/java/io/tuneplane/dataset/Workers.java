package io.tuneplane.dataset;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Checks batches on several threads and hands on what they came to in the order of the file. Holds
/// few batches at a time.
final class Workers {

  private Workers() {}

  /// Takes in one batch after the other, on the caller's thread.
  interface Taker {
    void take(Batch batch, Outcome outcome) throws IOException;
  }

  private record Running(Batch batch, Future<Outcome> outcome) {}

  static void run(FormatSeeker source, RecordChecker.Work work, int threads, Taker taker)
      throws IOException {
    ConcurrentLinkedQueue<RecordChecker> idle = new ConcurrentLinkedQueue<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("data-check-", 0).factory());
    try {
      Deque<Running> running = new ArrayDeque<>();
      Optional<Batch> batch = source.next();
      while (batch.isPresent() || !running.isEmpty()) {
        while (batch.isPresent() && running.size() < 2 * threads) {
          Batch next = batch.get();
          running.add(new Running(next, pool.submit(() -> check(next, work, idle))));
          batch = source.next();
        }
        Running first = running.remove();
        taker.take(first.batch, outcome(first.outcome));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Outcome check(
      Batch batch, RecordChecker.Work work, ConcurrentLinkedQueue<RecordChecker> idle) {
    RecordChecker free = idle.poll();
    RecordChecker checker = free == null ? new RecordChecker(work) : free;
    Outcome outcome = checker.check(batch);
    idle.add(checker);
    return outcome;
  }

  private static Outcome outcome(Future<Outcome> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the check was interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
