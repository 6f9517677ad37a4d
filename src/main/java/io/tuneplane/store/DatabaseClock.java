package io.tuneplane.store;

import io.tuneplane.job.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The database's time without asking it every time: an anchor, carried on by the monotonic clock.
/// A database that several machines share is asked again now and then, because monotonic clocks
/// drift apart. Safe for many threads.
final class DatabaseClock implements InstantSource {

  static final Duration ANCHORED_FOR = Duration.ofMinutes(1);

  private record Anchor(Instant time, long nanos) {
    Instant at(long now) {
      return time.plusNanos(now - nanos);
    }
  }

  private final Supplier<Instant> database;
  private final LongSupplier nanos;
  private final boolean askAgain;
  private final AtomicReference<Anchor> anchor;

  DatabaseClock(Supplier<Instant> database, LongSupplier nanos, boolean askAgain) {
    this.database = database;
    this.nanos = nanos;
    this.askAgain = askAgain;
    this.anchor = new AtomicReference<>(ask());
  }

  @Override
  public Instant instant() {
    Anchor known = anchor.get();
    long now = nanos.getAsLong();
    if (askAgain && now - known.nanos() > ANCHORED_FOR.toNanos()) {
      // Whoever comes second goes on with what there is.
      Anchor carried = new Anchor(known.at(now), now);
      if (anchor.compareAndSet(known, carried)) {
        return askOr(carried).at(nanos.getAsLong());
      }
      return carried.time();
    }
    return known.at(now);
  }

  private Anchor askOr(Anchor carried) {
    try {
      Anchor asked = ask();
      anchor.set(asked);
      return asked;
    } catch (StorageException _) {
      // The clock goes on without the database; who needs the database hears of it from there.
      return carried;
    }
  }

  // The answer was true at some moment between the question and now: the middle.
  private Anchor ask() {
    long before = nanos.getAsLong();
    Instant time = database.get();
    return new Anchor(time, before + (nanos.getAsLong() - before) / 2);
  }
}
